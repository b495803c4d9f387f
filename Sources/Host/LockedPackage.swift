/// A package of a distribution in the one version that it is to have.
package struct LockedPackage: Hashable, Sendable {
  package var name: String
  /// As its distribution writes it: "1:9.2p1-2+deb12u7".
  package var version: String
  /// SHA-256 of its file.
  package var digest: String

  package init(name: String, version: String, digest: String) {
    self.name = name
    self.version = version
    self.digest = digest
  }

  /// - Parameter text: what a lock file says of it, "1:9.2p1-2+deb12u7 sha256:…". nil for anything else.
  package init?(name: String, locked text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, parts[1].hasPrefix(Self.kind) else { return nil }
    self.init(name: name, version: String(parts[0]), digest: String(parts[1].dropFirst(Self.kind.count)))
  }

  /// As a lock file has it.
  package var locked: String { "\(version) \(Self.kind)\(digest)" }

  private static let kind = "sha256:"
}

/// What is asked of a distribution's packages.
package enum PackageWish: Hashable, Sendable {
  /// What every root file system of meros has.
  case base
  /// These besides, onto what is there; in the words of apt, which may name a version or a release.
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
}
