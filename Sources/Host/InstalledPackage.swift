/// A package that an image has.
package struct InstalledPackage: Hashable, Sendable {
  package var name: String
  package var version: String
  /// As the distribution calls it: "amd64", "all", "x86_64".
  package var architecture: String
  /// What it was made from; often its own name.
  package var source: String
  /// As the package itself says; nil where it does not.
  package var license: String?
  package var kind: Kind

  package enum Kind: String, Hashable, Sendable {
    case deb, apk
  }

  package init(
    name: String, version: String, architecture: String, source: String, license: String? = nil, kind: Kind
  ) {
    self.name = name
    self.version = version
    self.architecture = architecture
    self.source = source
    self.license = license
    self.kind = kind
  }
}
