import Host

/// A package and where a mirror has its file.
struct PlacedPackage: Hashable, Sendable {
  var package: LockedPackage
  /// The name that apt gives it.
  var file: String
  /// As apt asks for it.
  var uri: String
}
