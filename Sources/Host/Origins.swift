/// Asks those who offer something what a name stands for at the moment.
package protocol Origins: Sendable {
  /// The full name of the commit that a branch or tag of a git repository (a URL or an absolute path) stands for; nil
  /// when there is neither of this name.
  func commit(of ref: String, in repository: String) async throws(HostError) -> String?
  /// What a release of Alpine begins with for an architecture: version and digest, "3.20.3 sha512:…"; nil when the mirror
  /// has none.
  func minirootfs(of release: String, arch: String, on mirror: String) async throws(HostError) -> String?
}
