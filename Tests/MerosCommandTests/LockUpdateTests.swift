import Diagnostics
import Host
import HostTesting
import LinuxHost
import Manifest
import QMP
import Reconcile
import Resources
import SystemPackage
import Testing

@testable import MerosCommand

private let old = String(repeating: "a", count: 40)
private let new = String(repeating: "b", count: 40)
private let bear = Toy(name: "bear")

private func lock(_ name: String, _ commit: String) -> LockFile {
  var lock = LockFile()
  lock[LockFile.Key(.kernels, name)] = commit
  return lock
}

private func proposal(
  _ world: ToyWorld, to after: [Toy], before: LockFile? = nil, after lock: LockFile
) throws -> Proposal {
  let update = LockUpdate(path: "/lab/constellation.lock", before: before, after: lock)
  return Proposal(Goal("lab", try ResourceGraph(after), lock: update), world.observation(), kinds: [Toy.self])
}

private func session(_ memory: MemoryHost, _ console: Console, isApproved: Bool) -> ApplySession {
  ApplySession(
    kinds: [Toy.self], host: memory.host, gate: Gate(), isApproved: isApproved,
    narrator: TextNarrator(console, now: { .zero }))
}

private func written(_ memory: MemoryHost) async throws -> String? {
  try await memory.inputs.contents(of: "/lab/constellation.lock").map { String(decoding: $0, as: UTF8.self) }
}

@Test(arguments: [true, false]) func theLockFileIsWrittenByAnApprovedApplyAlone(_ isApproved: Bool) async throws {
  let (world, recorder, memory) = (ToyWorld(), Recorder(), MemoryHost())
  try await ToyWorld.$current.withValue(world) {
    let plan = try proposal(world, to: [bear], after: lock("linux main", new))
    let ending = await session(memory, recorder.console(), isApproved: isApproved).run([plan])
    #expect(ending == (isApproved ? .complete : .refused))
  }
  #expect(try await written(memory) == (isApproved ? lock("linux main", new).text : nil))
}

@Test func theLockFileIsWrittenAlsoWhereNothingElseIsToBeDone() async throws {
  let (world, recorder, memory) = (ToyWorld([bear]), Recorder(), MemoryHost())
  let plan = try proposal(world, to: [bear], after: lock("linux main", new))
  #expect(await session(memory, recorder.console(), isApproved: false).run([plan]) == .complete)
  #expect(try await written(memory) == lock("linux main", new).text)
}

@Test func aLockFileThatHoldsItAlreadyIsLeftAsItIs() async throws {
  let (world, recorder, memory) = (ToyWorld([bear]), Recorder(), MemoryHost())
  let same = lock("linux main", new)
  let plan = try proposal(world, to: [bear], before: same, after: same)
  #expect(await session(memory, recorder.console(), isApproved: false).run([plan]) == .complete)
  #expect(try await written(memory) == nil)
  #expect(recorder.output.hasPrefix("No changes."))
}

@Test func aLockFileThatCannotBeWrittenStopsTheApplyBeforeItBegins() async throws {
  let faults = FaultPlan(refusing: ["write /lab/constellation.lock"])
  let (world, recorder) = (ToyWorld(), Recorder())
  let memory = MemoryHost(inputs: MemoryInputFiles(faults: faults))
  try await ToyWorld.$current.withValue(world) {
    let plan = try proposal(world, to: [bear], after: lock("linux main", new))
    #expect(await session(memory, recorder.console(), isApproved: true).run([plan]) == .incomplete)
  }
  #expect(world.deeds.isEmpty)
  #expect(recorder.diagnostics.contains("cannot write /lab/constellation.lock: it was interrupted"))
}

@Test func aPlanShowsWhatMoves() throws {
  var before = lock("a main", old)
  before[LockFile.Key(.kernels, "b main")] = old
  var after = lock("b main", new)
  after[LockFile.Key(.kernels, "c main")] = new
  let plan = try proposal(ToyWorld([bear]), to: [bear], before: before, after: after)
  #expect(
    PlanView([plan]).text(Paint(isOn: false)) == """
      constellation.lock:
        - kernels: a main = \(old)
        ~ kernels: b main = \(old) -> \(new)
        + kernels: c main = \(new)

      No changes. Your infrastructure matches the constellation.

      """)
  let moves = try #require(JSON(parsing: Array(PlanJSON([plan]).text.utf8))?["lock"])
  #expect(
    "\(moves)".contains(
      #"{"after":"\#(new)","before":"\#(old)","constellation":"lab","file":"/lab/constellation.lock","#
        + #""name":"b main","section":"kernels"}"#))
}

@Test func aPlanShowsVersionsOfPackagesAndCountsNewOnes() throws {
  func set(_ packages: [String: String], _ names: String...) -> LockFile {
    var lock = LockFile()
    for name in names {
      lock[packages: LockFile.Key(.packages, name)] = packages.mapValues { "\($0) sha256:\(old)\(old.prefix(24))" }
    }
    return lock
  }
  let plan = try proposal(
    ToyWorld([bear]), to: [bear], before: set(["a": "1", "b": "1", "c": "1"], "debian", "gone"),
    after: set(["b": "2", "c": "1", "d": "1"], "debian", "new"))
  #expect(
    PlanView([plan]).text(Paint(isOn: false)).hasPrefix(
      """
      constellation.lock:
        - packages: debian: a = 1
        ~ packages: debian: b = 1 -> 2
        + packages: debian: d = 1
        - packages: gone = 3 packages
        + packages: new = 3 packages

      """))
}

@Test func whatIsLockedAndGoneStopsThePlan() async throws {
  let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")
  let digest = String(repeating: "d", count: 64)
  let packages = ["kept", "lost"].map { LockedPackage(name: $0, version: "1", digest: digest) }
  var lock = LockFile()
  lock[packages: LockFile.Key(.packages, "debian bookworm x86_64")] = [
    "kept": packages[0].locked, "lost": packages[1].locked,
  ]
  let memory = MemoryHost(
    inputs: MemoryInputFiles(files: [:]), origins: MemoryOrigins(packages: [packages[0]]))
  try await memory.inputs.replaceLockFile("/lab/constellation.lock", with: Array(lock.text.utf8))
  let base = Rootfs(baseOf: source, locked: packages)
  func check(before: LockFile?, isBuilt: Bool = false) async throws {
    let update = LockUpdate(path: "/lab/constellation.lock", before: before, after: lock)
    let entry = StoreEntry(
      kind: .rootfs, name: base.name, fingerprint: base.recipe.fingerprint, inputs: [:], digest: "", duration: .zero)
    let observation = Observation(
      scope: .test, resources: isBuilt ? [base.address: ObservedResource(value: entry)] : [:])
    let plan = Proposal(
      Goal("lab", try ResourceGraph([base]), lock: update), observation, kinds: [Rootfs.self])
    try await PackageCheck(host: memory.host, folder: "/lab").check([plan])
  }
  let error = await #expect(throws: CommandFailure.self) { try await check(before: lock) }
  guard case .diagnostics(let faults)? = error else { return }
  #expect(
    faults.all.map(\.summary) == ["lost 1 of debian bookworm is neither in the cache nor on the mirror"])
  #expect(faults.all.first?.location.map { "\($0)" } == "constellation.lock:7:5")
  // What was looked up just now is there.
  try await check(before: nil)
  try await check(before: lock, isBuilt: true)
}

/// A mirror of Alpine that has no minirootfs any more, and a lock file that holds one.
private struct LostMinirootfs {
  let minirootfs = "3.20.2 sha256:\(String(repeating: "d", count: 64))"
  let openrc = LockedPackage(name: "openrc", version: "1", identity: .apk("Q1\(String(repeating: "a", count: 27))="))
  let hello = LockedPackage(name: "hello", version: "2", identity: .apk("Q1\(String(repeating: "b", count: 27))="))
  let memory = MemoryHost(origins: MemoryOrigins())
  /// What the file lacks of it is looked up.
  var lock = LockFile()

  init() {
    lock[LockFile.Key(.minirootfs, "http://m 3.20 x86_64")] = minirootfs
    lock[packages: LockFile.Key(.packages, "alpine 3.20 x86_64 http://m")] = ["openrc": openrc.locked]
  }

  func expect(_ body: () async throws -> Void) async throws {
    let error = await #expect(throws: CommandFailure.self) { try await body() }
    guard case .diagnostics(let faults)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(
      faults.all.map(\.summary) == ["the minirootfs 3.20.2 of alpine is neither in the cache nor on the mirror"])
    let line = try #require(lock.text.split(separator: "\n").firstIndex { $0.contains(minirootfs) }) + 1
    #expect(faults.all.first?.location.map { "\($0)" } == "constellation.lock:\(line):3")
    #expect(
      faults.all.first?.remedy?.hasSuffix("put the file of that version into the cache, data/cache/minirootfs") == true)
  }
}

@Test func aLayerWhoseMinirootfsIsGoneStopsThePlanThoughItsBaseIsBuilt() async throws {
  var lost = LostMinirootfs()
  let source = PackageSource(
    distribution: "alpine", release: "3.20", arch: "x86_64", mirror: "http://m", minirootfs: lost.minirootfs)
  let base = Rootfs(baseOf: source, locked: [lost.openrc])
  let layer = Rootfs(from: source, packages: ["hello"], on: base, locked: [lost.hello])
  lost.lock[packages: LockFile.Key(.packages, "alpine 3.20 x86_64 http://m with hello")] = ["hello": lost.hello.locked]
  try await lost.memory.inputs.replaceLockFile("/lab/constellation.lock", with: Array(lost.lock.text.utf8))
  let entry = StoreEntry(
    kind: .rootfs, name: base.name, fingerprint: base.recipe.fingerprint, inputs: [:], digest: "", duration: .zero)
  let update = LockUpdate(path: "/lab/constellation.lock", before: lost.lock, after: lost.lock)
  let plan = Proposal(
    Goal("lab", try ResourceGraph([base, layer]), lock: update),
    Observation(scope: .test, resources: [base.address: ObservedResource(value: entry)]), kinds: [Rootfs.self])
  #expect(plan.plan.changes.map(\.address) == [layer.address])
  try await lost.expect { try await PackageCheck(host: lost.memory.host, folder: "/lab").check([plan]) }
}

@Test func aPackageThatIsAddedWhereTheMinirootfsIsGoneIsNotLookedUp() async throws {
  let lost = LostMinirootfs()
  let folder = FilePath("/tmp/meros-test-\(UInt32.random(in: 0 ... .max))")
  try folder.makeFolders()
  defer { try? folder.removeTree() }
  let text = "virtual_machines: {web: {distribution: alpine, mirror: 'http://m', packages: [hello]}}\n"
  try folder.appending("constellation.yml").replaceContents(Array(text.utf8))
  let lockFile = folder.appending("constellation.lock").string
  try await lost.memory.inputs.replaceLockFile(lockFile, with: Array(lost.lock.text.utf8))
  let loader = Loader(folder: folder, data: Scope.test.data, host: lost.memory.host, lookup: .missing)
  try await lost.expect { _ = try await loader.goals([folder.string]) }
}

@Test func aSavedPlanHoldsWhatNamesStoodFor() throws {
  func saved(before: LockFile?, after: LockFile) throws -> SavedPlan {
    SavedPlan(
      [try proposal(ToyWorld(), to: [bear], before: before, after: after)], dataIdentity: "d", networkNamespace: nil,
      isDestruction: false)
  }
  let plan = try saved(before: nil, after: lock("linux main", new))
  #expect(try SavedPlan(parsing: Array(plan.text.utf8)) == plan)
  #expect(plan.locks == ["lab": lock("linux main", new)])
  #expect(plan.movements(to: plan).isEmpty)
  let later = try saved(before: lock("linux main", old), after: lock("linux main", new))
  #expect(plan.movements(to: later) == [.lockFile("lab")])
}

@Test(
  arguments: [
    ("constellation.yml", "constellation.lock"), ("manifest.yaml", "constellation.lock"), ("shop.yml", "shop.lock"),
  ])
func theLockFileLiesBesideItsManifest(_ manifest: String, _ lock: String) {
  let path = ConstellationPath(directory: "/lab", manifest: FilePath("/lab/\(manifest)"))
  #expect(path.lockFile == FilePath("/lab/\(lock)"))
}
