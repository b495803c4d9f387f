/// A package of a distribution in the one version that it is to have.
package struct LockedPackage: Hashable, Sendable {
  package var name: String
  /// As its distribution writes it: "1:9.2p1-2+deb12u7".
  package var version: String
  package var identity: Identity

  /// What tells its file from others of the same version.
  package enum Identity: Hashable, Sendable {
    /// SHA-256 of the file, in lower-case hexadecimal, as apt has it.
    case sha256(String)
    /// As apk has it, "Q1…=": SHA-1, in base64, of what the package says of itself, with the SHA-256 of what is in it.
    case apk(String)
  }

  package init(name: String, version: String, identity: Identity) {
    self.name = name
    self.version = version
    self.identity = identity
  }

  /// - Parameter digest: SHA-256 of its file.
  package init(name: String, version: String, digest: String) {
    self.init(name: name, version: version, identity: .sha256(digest))
  }

  /// - Parameter text: what a lock file says of it, "1:9.2p1-2+deb12u7 sha256:…". nil for anything else.
  package init?(name: String, locked text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let identity = Identity(locked: parts[1]) else { return nil }
    self.init(name: name, version: String(parts[0]), identity: identity)
  }

  /// As a lock file has it.
  package var locked: String { "\(version) \(identity.locked)" }
}

extension LockedPackage.Identity {
  private static let sha256 = "sha256:"

  /// "sha256:…" or "Q1…="; nil for anything else.
  fileprivate init?(locked text: some StringProtocol) {
    if text.hasPrefix(Self.sha256) {
      self = .sha256(String(text.dropFirst(Self.sha256.count)))
    } else if text.hasPrefix("Q1") {
      self = .apk(String(text))
    } else {
      return nil
    }
  }

  fileprivate var locked: String {
    switch self {
    case .sha256(let digest): "\(Self.sha256)\(digest)"
    case .apk(let checksum): checksum
    }
  }

  /// As the distribution's own tools have it.
  package var text: String {
    switch self {
    case .sha256(let text), .apk(let text): text
    }
  }
}

/// What is asked of a distribution's packages.
package enum PackageWish: Hashable, Sendable {
  /// What every root file system of meros has.
  case base
  /// These besides, onto what is there; in the words of apt or apk, which may name a version or a release.
  case added([String], onto: [LockedPackage])
  /// The packaged kernel.
  case kernel
}

/// What a wish comes to.
package enum PackageAnswer: Hashable, Sendable {
  /// In the order of their names.
  case packages([LockedPackage])
  /// The distribution has none of these names.
  case unknown([String])
  /// They were to come onto these, which neither the cache of this machine holds nor the mirror has.
  case lost([LockedPackage])
  /// Nobody could be asked: neither the cache of this machine holds the minirootfs of their source nor has the mirror it.
  case lostMinirootfs
}
