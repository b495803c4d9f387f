package import Host
import SystemPackage

/// Looks for compilers where programs are, and runs none.
package struct LinuxToolchains: Toolchains {
  private let cache: DigestCache

  package init(cache: DigestCache) { self.cache = cache }

  package func toolchain(for arch: String) async throws(HostError) -> Toolchain {
    let prefix = Self.prefix(for: arch)
    let needed = ["git", "make", "flex", "bison", "bc", "perl", "cpio", "gcc", "ld", "\(prefix)gcc", "\(prefix)ld"]
    // Lacking programs are what is told.
    let missing = Set(needed.filter { (try? LinuxMachines.program($0, "")) == nil }).sorted()
    return Toolchain(
      compiler: try identity(of: "\(prefix)gcc"), linker: try identity(of: "\(prefix)ld"), missing: missing)
  }

  /// What the names of the programs begin with; empty for the architecture of this machine.
  static func prefix(for arch: String) -> String { arch == machineArchitecture ? "" : "\(arch)-linux-gnu-" }

  /// The driver carries the version of the whole compiler, so its digest changes with every other one.
  private func identity(of name: String) throws(HostError) -> String? {
    guard let place = try? LinuxMachines.program(name, "") else { return nil }
    let file = try place.absolute()
    return "\(file.lastComponent?.string ?? name) \(try FileDigest.of(file, cache: cache).prefix(12))"
  }
}
