/// An Ed25519 key pair under `data/keys/CONSTELLATION`.
package enum KeyUse: Hashable, Sendable {
  /// What meros and its user log in with: `client` and `client.pub`.
  case client
  /// The identity of a VM's ssh server: `hosts/VM` and `hosts/VM.pub`, pinned in `known_hosts` under the VM's name.
  case host(vm: String)

  /// "client", or "host-web".
  package var name: String {
    switch self {
    case .client: "client"
    case .host(let vm): "host-\(vm)"
    }
  }

  /// Reads what `name` writes; nil for anything else.
  package init?(name: String) {
    if name == "client" {
      self = .client
    } else if name.hasPrefix("host-") {
      self = .host(vm: String(name.dropFirst("host-".count)))
    } else {
      return nil
    }
  }
}

package struct ObservedKey: Hashable, Sendable {
  package var use: KeyUse
  /// `ssh-ed25519 AAAA…` without a comment; nil when a file of the pair is missing or unreadable.
  package var publicKey: String?
  /// A host key's line stands in `known_hosts`; true for the client key.
  package var isPinned: Bool

  package init(use: KeyUse, publicKey: String?, isPinned: Bool) {
    self.use = use
    self.publicKey = publicKey
    self.isPinned = isPinned
  }
}

package protocol Keys: Sendable {
  func keys(of constellation: String) async throws(HostError) -> [ObservedKey]
  /// Makes the pair when it is missing, and pins it.
  func ensure(_ use: KeyUse, of constellation: String) async throws(HostError)
  /// Deletes the pair and its pin; the folder too when it was the last.
  func remove(_ use: KeyUse, of constellation: String) async throws(HostError)
}
