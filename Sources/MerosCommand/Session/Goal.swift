package import Network
package import Reconcile

/// One constellation as it should be: loaded, and ready to be compared with the host.
package struct Goal: Sendable {
  package var constellation: String
  package var graph: ResourceGraph
  /// Where its manifest lies, absolute; nil when only the name is known.
  package var path: String?
  /// SHA-256 of the manifest's bytes in hexadecimal; nil when there is none.
  package var manifestDigest: String?
  /// What a person should know of it besides changes: "TCG because …", one line each.
  package var notes: [String]
  package var logins: [Login]

  package init(
    _ constellation: String, _ graph: ResourceGraph, path: String? = nil, manifestDigest: String? = nil,
    notes: [String] = [], logins: [Login] = []
  ) {
    self.constellation = constellation
    self.graph = graph
    self.path = path
    self.manifestDigest = manifestDigest
    self.notes = notes
    self.logins = logins
  }
}

/// A VM that can be logged in to.
package struct Login: Hashable, Sendable {
  package var machine: String
  package var address: IPAddress

  package init(machine: String, address: IPAddress) {
    self.machine = machine
    self.address = address
  }
}
