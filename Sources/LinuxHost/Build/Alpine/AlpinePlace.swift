import Host
import SystemPackage

/// The folder of a mirror that has the releases of a branch for an architecture.
struct AlpinePlace: Sendable {
  let branch: AlpineBranch
  let arch: String
  let url: String

  init(_ release: String, arch: String, on mirror: String) {
    var base = mirror
    while base.hasSuffix("/") { base.removeLast() }
    branch = AlpineBranch(release)
    self.arch = arch
    url = "\(base)/\(branch.name)/releases/\(arch)"
  }

  /// The list of what is there.
  var index: String { "\(url)/latest-releases.yaml" }

  /// What the mirror has there; nil where it has none of this version. Throws `unreachable`.
  func release(_ attempted: String, log: FilePath? = nil) async throws(HostError) -> AlpineRelease? {
    guard let bytes = try await contents(of: index, attempted, log) else { return nil }
    do {
      if let found = try AlpineRelease.find(in: bytes, arch: arch, version: branch.version) { return found }
    } catch {
      throw HostError(attempted, .malformed(index, error.what))
    }
    // The index has only the latest; older ones lie beside it.
    guard let version = branch.version else { return nil }
    let place = "\(url)/\(AlpineRelease.file(arch: arch, version: version)).sha512"
    guard let digest = try await contents(of: place, attempted, log) else { return nil }
    do {
      return try AlpineRelease(arch: arch, version: version, digestFile: digest)
    } catch {
      throw HostError(attempted, .malformed(place, error.what))
    }
  }

  /// nil for what the server does not have.
  private func contents(of place: String, _ attempted: String, _ log: FilePath?) async throws(HostError) -> [UInt8]? {
    do throws(HostError) {
      return try await Download(url: place, attempted: attempted, log: log).contents()
    } catch {
      if error.isRefusal { return nil }
      throw error
    }
  }
}
