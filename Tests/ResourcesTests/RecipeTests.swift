import Host
import Network
import Reconcile
import Testing

@testable import Resources

struct RecipeTests {
  private let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")
  private var rootfs: Rootfs { rootfs(source, ["nginx", "curl"]) }

  private func rootfs(_ source: PackageSource, _ packages: [String]) -> Rootfs {
    Rootfs(from: source, packages: packages, on: Rootfs(baseOf: source))
  }

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
    #expect(rootfs.recipe == rootfs(source, ["curl", "nginx", "curl"]).recipe)
  }

  @Test func packagesGoOnABaseThatOthersShare() throws {
    let layers = Rootfs.layers(from: source, packages: ["nginx"])
    let others = Rootfs.layers(from: source, packages: ["curl"])
    #expect(layers.count == 2 && layers[0] == others[0] && layers[1].name != others[1].name)
    #expect(layers[1].dependencies == [layers[0].address] && layers[0].dependencies.isEmpty)
    guard case .rootfs(let added) = layers[1].recipe.source, case .rootfs(let base) = layers[0].recipe.source else {
      Issue.record("no root file systems")
      return
    }
    #expect(added.base == layers[0].name && added.packages == ["nginx"])
    #expect(base.base == nil && base.packages == [])
  }

  @Test func whatIsInEveryBaseIsNoLayer() {
    #expect(Rootfs.layers(from: source, packages: []).count == 1)
    #expect(Rootfs.layers(from: source, packages: ["openssh-server", "udev"]).count == 1)
  }

  @Test func aKernelFileCountsByItsContent() {
    let kernel = Kernel(file: "/a/bzImage", digest: "1")
    #expect(Kernel(file: "/b/bzImage", digest: "1").recipe.fingerprint == kernel.recipe.fingerprint)
    #expect(Kernel(file: "/a/bzImage", digest: "2").recipe.fingerprint != kernel.recipe.fingerprint)
  }

  @Test func everyInputOfARootfsCounts() {
    var others: [Rootfs] = [Rootfs(baseOf: source), rootfs(source, ["curl nginx"])]
    for change: (inout PackageSource) -> Void in [
      { $0.distribution = "ubuntu" }, { $0.release = "trixie" }, { $0.arch = "riscv64" }, { $0.mirror = "http://m" },
      { $0.components = ["main"] }, { $0.sources = ["deb http://m x main"] },
      { $0.keys = [MirrorKey(path: "/k/a.gpg", digest: "1")] },
      { $0.keys = [MirrorKey(path: "/k/a.gpg", digest: "2")] },
    ] {
      var changed = source
      change(&changed)
      others.append(rootfs(changed, ["nginx", "curl"]))
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

  @Test func whatALoaderBootsBelongsToAnImage() throws {
    func image(_ kernel: String, _ commandLine: String = "", _ firmware: Firmware = .efi) -> Image {
      Image(
        of: rootfs, layers: [], hooks: [], hooksReachNetwork: false, room: .free(ByteCount(bytes: 1 << 20)),
        loaded: Image.Loaded(by: firmware, kernel: Kernel(file: "/bzImage", digest: kernel), commandLine: commandLine))
    }
    let images = [image("1"), image("2"), image("1", "quiet"), image("1", "", .bios), self.image([], room: 1)]
    #expect(Set(images.map(\.name)).count == images.count)
    let kernel = Kernel(file: "/bzImage", digest: "1")
    #expect(images[0].dependencies == [rootfs.address, kernel.address])
    #expect(images[0].recipe.standsOn.map(\.kind).sorted() == [.kernel, .rootfs].sorted())
    #expect(images[0].recipe.inputs["kernel"] == kernel.name && images[2].recipe.inputs["cmdline"] == "quiet")
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

  private func patched(
    _ digest: String = "1", _ layers: [[String: String]] = [["etc/motd": "1"]], hooks: [Image.Hook] = [],
    network: Bool = false, size: UInt64? = nil
  ) -> Image {
    let layers = layers.enumerated().map { Image.Layer(path: "/\($0.offset)", tree: $0.element) }
    return Image(
      patching: "/images/base.qcow2", digest: digest, arch: "x86_64", layers: layers, hooks: hooks,
      hooksReachNetwork: network,
      size: size.map { ByteCount(bytes: $0) })
  }

  @Test func everyInputOfAnImageThatIsMadeOfAnotherCounts() {
    let hook = Image.Hook(path: "/hooks/0100-a.chroot", digest: "1")
    let images = [
      patched(), patched("2"), patched("1", []), patched("1", [[:], ["etc/motd": "1"]]), patched(hooks: [hook]),
      patched(hooks: [hook], network: true), patched(size: 1 << 30),
    ]
    #expect(Set(images.map(\.name)).count == images.count)
    #expect(patched().name.hasPrefix("base.qcow2-") && patched().dependencies.isEmpty)
    #expect(patched().recipe.inputs["use"] == "1" && patched().recipe.kind == .image)
  }
}
