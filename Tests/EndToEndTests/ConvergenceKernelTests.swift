import HostTesting
import Testing

/// From every manifest to every other on the kernel's own links, packet filter and forwarding.
@Suite(.enabled(if: Ground.isAvailable, "needs root, network namespaces and QEMU"))
struct ConvergenceKernelTests {
  @Test func afterApplyingNothingIsLeftToDo() async throws {
    try await Ground.with { ground in
      let before = try Snapshot(of: ground)
      let laboratory = try Laboratory.withoutMachines(ground)
      for name in Self.walk {
        let manifest: String = try #require(ConvergenceManifests.all[name])
        // It expects a fresh look to find nothing left to do.
        try await laboratory.apply(manifest)
      }
      try await laboratory.apply(nil)
      try ground.expectNothingNew(since: before)
    }
  }

  /// A walk through all manifests that takes every way from one to another once (Hierholzer's), but the ways from a disk
  /// that has grown: it does not shrink.
  private static let walk: [String] = {
    let names = ConvergenceManifests.names.filter { $0 != ConvergenceManifests.grown }
    var ways = [String: [String]](uniqueKeysWithValues: names.map { name in (name, names.filter { $0 != name }) })
    var path = [names[0]]
    var walk: [String] = []
    while let last = path.last {
      if let next = ways[last]?.popLast() {
        path.append(next)
      } else {
        walk.append(path.removeLast())
      }
    }
    return walk.reversed()
  }()

  @Test func everyPairIsWalkedOnce() {
    let ways = zip(Self.walk, Self.walk.dropFirst()).map { "\($0) -> \($1)" }
    let count = ConvergenceManifests.names.count - 1
    #expect(ways.count == count * (count - 1))
    #expect(Set(ways).count == ways.count)
  }
}
