import Host
import HostTesting
import Network
import Reconcile
import Testing

@testable import Resources

struct BuiltTests {
  private let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")

  private func entry(_ recipe: Recipe) -> StoreEntry {
    StoreEntry(
      kind: recipe.kind, name: recipe.name, fingerprint: recipe.fingerprint, inputs: recipe.inputs, digest: "d",
      duration: .zero)
  }

  @Test func whatIsMissingIsBuilt() throws {
    let rootfs = Rootfs(baseOf: source)
    let change = try #require(Rootfs.change(rootfs.name, from: nil, to: rootfs, under: Circumstances()))
    #expect(change.verb == .create && change.disruption == .none && change.tearDown.isEmpty)
    #expect(change.setUp.map(\.description) == ["build rootfs \(rootfs.name)"])
  }

  @Test func thousandsOfFilesAreOnlyCounted() throws {
    let tree = [String: String](uniqueKeysWithValues: (0..<1000).map { ("etc/\($0)", "1") })
    let image = Image(
      of: Rootfs(baseOf: source), layers: [Image.Layer(path: "/x", tree: tree)], hooks: [],
      hooksReachNetwork: false, room: .free(ByteCount(bytes: 1 << 20)))
    let change = try #require(Image.change(image.name, from: nil, to: image, under: Circumstances()))
    #expect(change.reasons.contains(Reason("files", before: nil, after: "1000")))
    #expect(change.reasons.count < 20)
  }

  @Test func whatIsThereIsLeftAloneAndNeverAnOrphan() {
    let kernel = Kernel(from: source)
    #expect(Kernel.change(kernel.name, from: entry(kernel.recipe), to: kernel, under: Circumstances()) == nil)
    #expect(Kernel.change(kernel.name, from: entry(kernel.recipe), to: nil, under: Circumstances()) == nil)
  }

  @Test func aRequestBuildsAnew() throws {
    let kernel = Kernel(from: source)
    let change = try #require(
      Kernel.change(kernel.name, from: entry(kernel.recipe), to: kernel, under: Circumstances(isForced: true)))
    #expect(change.verb == .replace)
    #expect((change.setUp.first as? BuildEntry)?.rebuild == true)
  }
}
