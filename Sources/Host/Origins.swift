/// Asks those who offer something what a name stands for at the moment.
package protocol Origins: Sendable {
  /// The full name of the commit that a branch or tag of a git repository (a URL or an absolute path) stands for; nil
  /// when there is neither of this name.
  func commit(of ref: String, in repository: String) async throws(HostError) -> String?
  /// What a release of Alpine begins with for an architecture: version and digest, "3.20.3 sha512:…"; nil when the mirror
  /// has none.
  func minirootfs(of release: String, arch: String, on mirror: String) async throws(HostError) -> String?
  /// The cache of this machine holds what root file systems of the source begin with, or the mirror has it; true for
  /// distributions of which that is nothing. Throws where the mirror does not answer and is to be asked.
  func hasMinirootfs(of source: PackageSource) async throws(HostError) -> Bool
  /// What each of the wishes comes to, in their order. A mirror that does not answer counts as it was when it last did;
  /// throws where that was never, and `strictly` always.
  func packages(
    for wishes: [PackageWish], from source: PackageSource, strictly isStrict: Bool
  ) async throws(HostError) -> [PackageAnswer]
  /// Those that neither the cache of this machine holds nor the mirror has. Throws where that does not answer and is to
  /// be asked.
  func missing(_ packages: [LockedPackage], from source: PackageSource) async throws(HostError) -> [LockedPackage]
}

extension Origins {
  package func packages(
    for wishes: [PackageWish], from source: PackageSource
  ) async throws(HostError) -> [PackageAnswer] {
    try await packages(for: wishes, from: source, strictly: false)
  }
}
