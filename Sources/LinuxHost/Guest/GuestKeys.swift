/// The keys that a guest is given, as the files hold them.
struct GuestKeys: Equatable, Sendable {
  /// OpenSSH's form of a private key.
  var hostPrivate: String
  var hostPublic: String
  /// The constellation's own client key.
  var clientPublic: String
}
