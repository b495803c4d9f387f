import Host
import Network
import Testing

@testable import Resources

struct RecipeTests {
  private let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")
  private var rootfs: Rootfs { Rootfs(from: source, packages: ["nginx", "curl"]) }

  private func image(
    _ layers: [[String: String]] = [["etc/motd": "1"]], hooks: [Image.Hook] = [], network: Bool = false,
    room: UInt64 = 500
  ) -> Image {
    let layers = layers.enumerated().map { Image.Layer(path: "/\($0.offset)", tree: $0.element) }
    return Image(
      of: rootfs, layers: layers, hooks: hooks, hooksReachNetwork: network,
      room: .free(ByteCount(bytes: room << 20)))
  }

  @Test func namesTellTheLabelAndTheFingerprint() {
    #expect(rootfs.name == "debian-bookworm-\(rootfs.recipe.fingerprint.short)")
    #expect(image().name.hasPrefix("debian-bookworm-"))
    #expect(Kernel(file: "/a/b/bz Image", digest: "1").name.hasPrefix("bzImage-"))
    #expect(Kernel(file: "/a/b/…", digest: "1").name.hasPrefix("kernel-"))
    var foreign = source
    foreign.arch = "aarch64"
    #expect(Kernel(from: foreign).name.hasPrefix("debian-bookworm-aarch64-"))
  }

  @Test func theOrderOfPackagesDoesNotCount() {
    #expect(rootfs.recipe == Rootfs(from: source, packages: ["curl", "nginx", "curl"]).recipe)
  }

  @Test func aKernelFileCountsByItsContent() {
    let kernel = Kernel(file: "/a/bzImage", digest: "1")
    #expect(Kernel(file: "/b/bzImage", digest: "1").recipe.fingerprint == kernel.recipe.fingerprint)
    #expect(Kernel(file: "/a/bzImage", digest: "2").recipe.fingerprint != kernel.recipe.fingerprint)
  }

  @Test func everyInputOfARootfsCounts() {
    var others: [Rootfs] = [Rootfs(from: source, packages: []), Rootfs(from: source, packages: ["curl nginx"])]
    for change: (inout PackageSource) -> Void in [
      { $0.distribution = "ubuntu" }, { $0.release = "trixie" }, { $0.arch = "riscv64" }, { $0.mirror = "http://m" },
      { $0.components = ["main"] }, { $0.sources = ["deb http://m x main"] },
    ] {
      var changed = source
      change(&changed)
      others.append(Rootfs(from: changed, packages: ["nginx", "curl"]))
    }
    // One package with a space in its name reads like two, but no manifest lets it in.
    let fingerprints = Set(others.map(\.recipe.fingerprint) + [rootfs.recipe.fingerprint])
    #expect(fingerprints.count == others.count)
  }

  @Test func everyInputOfAnImageCounts() {
    let hook = Image.Hook(path: "/hooks/0100-a.chroot", digest: "1")
    let images = [
      image(), image([["etc/motd": "2"]]), image([[:], ["etc/motd": "1"]]), image([["etc/motd": "1"], ["a": "2"]]),
      image(hooks: [hook]), image(hooks: [hook], network: true),
      image(hooks: [Image.Hook(path: "/hooks/0100-a.chroot", digest: "2")]), image(room: 501),
    ]
    #expect(Set(images.map(\.name)).count == images.count)
    #expect(image(network: true).name == image().name)
  }

  @Test func anImageCarriesTheInputsOfItsRootfs() {
    let inputs = image(hooks: [Image.Hook(path: "/h/0100-a.chroot", digest: "9")]).recipe.inputs
    #expect(inputs["packages"] == "curl nginx" && inputs["release"] == "bookworm")
    #expect(inputs["file etc/motd"] == "1" && inputs["hook 0100-a.chroot"] == "9")
  }

  @Test func hooksRunInTheOrderOfTheirNamesAndTheLaterOfTwoIsTaken() throws {
    let hooks = ["/common/0200-b", "/common/0100-a", "/web/0150-c", "/web/0100-a"].map {
      Image.Hook(path: $0, digest: $0)
    }
    guard case .image(let source) = image(hooks: hooks).recipe.source else {
      Issue.record("no image")
      return
    }
    #expect(source.hooks == ["/web/0100-a", "/web/0150-c", "/common/0200-b"])
  }

  @Test func theLaterLayerGoesOverTheEarlier() {
    #expect(image([["etc/motd": "1"], ["etc/motd": "2"]]).recipe.inputs["file etc/motd"] == "2")
  }
}
