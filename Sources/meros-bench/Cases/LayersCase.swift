import Host
import LinuxHost
import Resources
import SystemPackage

/// A package on a base that is there, beside the same packages from nothing. Downloads them.
struct LayersCase: BenchCase {
  let name = "layers"
  let purpose = "a package on a known base of Debian against mmdebstrap from nothing"

  private static let package = "jq"

  func measure(_ settings: Settings) async throws -> [Finding] {
    try await Stage.with { stage in
      let base = try await DebianBase.make(on: stage)
      let source = DebianBase.source
      let packages = BuilderSchema.basePackages(of: source.distribution) + [Self.package]
      let archive = stage.folder.appending("peer.tar")
      let peer = [
        "mmdebstrap", "--mode=root", "--variant=apt", "--include=\(packages.joined(separator: ","))",
        "--dpkgopt=force-unsafe-io", source.release, archive.string,
      ]
      let pairs = try await Pairs(settings.rounds ?? 3) {
        try await elapsed {
          let known = base.locked
          let added = try await DebianBase.locked(.added([Self.package], onto: known), in: base.data)
          let layers = Rootfs.layers(
            from: source, packages: [Self.package], locked: Rootfs.LockedLayers(base: known, added: added))
          guard layers.count == 2 else { throw BenchFailure("a package makes no layer") }
          try await base.store.build(layers[1].recipe, rebuild: true, progress: .silent)
        }
      } theirs: {
        try archive.unlink()
        return try await elapsed { try Child.run(peer, output: stage.folder.appending("output")) }
      }
      return [pairs.finding("a package more", against: "mmdebstrap from nothing", .within(0.5))]
    }
  }
}
