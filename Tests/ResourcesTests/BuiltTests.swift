import Host
import HostTesting
import Network
import Reconcile
import Testing

@testable import Resources

struct BuiltTests {
  private let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")

  private func entry(_ recipe: Recipe, took duration: Duration = .zero) -> StoreEntry {
    StoreEntry(
      kind: recipe.kind, name: recipe.name, fingerprint: recipe.fingerprint, inputs: recipe.inputs, digest: "d",
      duration: duration, standsOn: recipe.standsOn)
  }

  private func image(_ text: String, of rootfs: Rootfs) -> Image {
    Image(
      of: rootfs, layers: [Image.Layer(path: "/x", tree: ["etc/motd": text])], hooks: [], hooksReachNetwork: false,
      room: .free(ByteCount(bytes: 1 << 20)))
  }

  private func estimates(of wanted: [any BuiltResource], besides known: [StoreEntry]) throws -> BuildEstimates {
    let graph = try ResourceGraph(wanted)
    let observation = Observation(
      scope: Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef"))),
      resources: [ResourceAddress: ObservedResource](
        uniqueKeysWithValues: known.map {
          (ResourceAddress(kind: $0.kind.rawValue, name: $0.name), ObservedResource(value: $0))
        }))
    let plan = Plan(from: observation, to: graph, kinds: Kinds.all)
    return BuildEstimates(of: plan, from: observation, to: graph)
  }

  @Test func buildingTakesAsLongAsItDid() throws {
    let (rootfs, kernel) = (Rootfs(baseOf: source), Kernel(from: source))
    var other = source
    other.mirror = "http://192.0.2.1/debian"
    let images = ["one", "two", "three", "four"].map { image($0, of: rootfs) }
    let took = zip(images, [9, 2, 5]).map { entry($0.recipe, took: .seconds($1)) }
    let known = try estimates(of: [rootfs, images[3]], besides: took + [entry(rootfs.recipe, took: .seconds(40))])
    #expect(known.durations == [images[3].address: .seconds(5)] && known.total == .seconds(5) && !known.isPartial)
    // One on the other, and a kernel beside them that is longer; of the root file system nothing is known.
    let partly = try estimates(
      of: [kernel, rootfs, images[3]], besides: took + [entry(Kernel(from: other).recipe, took: .seconds(7))])
    #expect(partly.total == .seconds(7) && partly.isPartial)
    let base = Rootfs(baseOf: other)
    let all = try estimates(of: [rootfs, images[3]], besides: took + [entry(base.recipe, took: .seconds(40))])
    #expect(all.total == .seconds(45) && all.durations.count == 2)
    #expect(try estimates(of: [], besides: took) == .none)
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
