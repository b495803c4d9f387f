import Diagnostics
import Host
import HostTesting
import Manifest
import Reconcile
import Resources
import Testing

/// What names stand for, as a manifest is loaded with and without a lock file.
struct LookupTests {
  private static let old = String(repeating: "a", count: 40)
  private static let new = String(repeating: "b", count: 40)
  private static let key = LockFile.Key(.kernels, "../linux main")

  private let memory = MemoryHost(origins: MemoryOrigins(commits: ["/lab/../linux main": Self.new]))
  private let text = "kernels: {own: {source: git, url: ../linux, ref: main}}\n"

  private func inputs(_ lookup: Lookup, lock: String?) async throws -> Inputs {
    let (manifest, _) = try Manifest.load(Array(text.utf8), file: "constellation.yml", directoryName: "lab")
    var file = LockFile()
    file[Self.key] = lock
    file[LockFile.Key(.kernels, "nobody asks")] = Self.old
    return try await Inputs(for: manifest, in: "/lab", lock: file, lookingUp: lookup, on: memory.host)
  }

  @Test(
    arguments: [
      (Lookup.none, nil, nil, 0), (.none, old, old, 0), (.missing, nil, new, 1), (.missing, old, old, 0),
      (.all, nil, new, 1), (.all, old, new, 1),
    ] as [(Lookup, String?, String?, Int)])
  func whatIsLockedStaysUntilNewerIsAskedFor(
    _ lookup: Lookup, _ locked: String?, _ meaning: String?, _ asked: Int
  ) async throws {
    let inputs = try await inputs(lookup, lock: locked)
    #expect(inputs.lock[Self.key] == meaning)
    #expect(memory.origins.asked.count == asked)
    // What nobody asks for is not kept.
    #expect(inputs.lock.keys == (meaning == nil ? [] : [Self.key]))
  }

  @Test(
    arguments: [
      ("../linux", "/lab/../linux"), ("/srv/linux", "/srv/linux"), ("https://example.org/a", "https://example.org/a"),
      ("git@example.org:linux.git", "git@example.org:linux.git"), ("./a:b", "/lab/./a:b"), ("linux", "/lab/linux"),
    ])
  func pathsAreRelativeToTheManifestAndAddressesStayAsTheyAre(_ url: String, _ asked: String) async throws {
    let text = "kernels: {own: {source: git, url: \"\(url)\", ref: main}}\n"
    let (manifest, _) = try Manifest.load(Array(text.utf8), file: "constellation.yml", directoryName: "lab")
    _ = try await Inputs(for: manifest, in: "/lab", on: memory.host)
    #expect(memory.origins.asked == ["\(asked) main"])
  }

  @Test func aPasswordIsNotLocked() async throws {
    let text = "kernels: {own: {source: git, url: \"https://me:secret@host/a\", ref: main}}\n"
    let (manifest, _) = try Manifest.load(Array(text.utf8), file: "constellation.yml", directoryName: "lab")
    let memory = MemoryHost(origins: MemoryOrigins(commits: ["https://me:secret@host/a main": Self.new]))
    let inputs = try await Inputs(for: manifest, in: "/lab", on: memory.host)
    #expect(inputs.lock[LockFile.Key(.kernels, "https://me:***@host/a main")] == Self.new)
    #expect(inputs.lock.keys.count == 1)
    let kernel = try Desired(kernelsOf: manifest, inputs, arch: "x86_64", scope: Laboratory(memory.host).scope).graph
    let built = try #require(kernel.resources.values.lazy.compactMap { $0 as? Kernel }.first)
    #expect(!built.recipe.inputs.contains { $0.value.contains("secret") } && !built.name.contains("secret"))
  }

  private static let patching = """
    virtual_machines:
      web:
        use: base.qcow2
      db: {}

    """

  private func desired(_ lookup: Lookup, now: String, locked: String?) async throws -> Inputs {
    var lock = LockFile()
    lock[LockFile.Key(.images, "base.qcow2")] = locked
    let host = MemoryHost(inputs: MemoryInputFiles(files: ["/lab/base.qcow2": now])).host
    let (manifest, _) = try Manifest.load(Array(Self.patching.utf8), file: "constellation.yml", directoryName: "lab")
    let inputs = try await Inputs(for: manifest, in: "/lab", lock: lock, lookingUp: lookup, on: host)
    _ = try Desired(manifest, inputs, scope: Laboratory(host).scope)
    return inputs
  }

  @Test func anImageThatChangedIsTakenOnlyWhenNewerIsAskedFor() async throws {
    let key = LockFile.Key(.images, "base.qcow2")
    var inputs = try await desired(.missing, now: Self.old, locked: nil)
    #expect(inputs.lock[key] == Self.old)
    inputs = try await desired(.all, now: Self.new, locked: Self.old)
    #expect(inputs.lock[key] == Self.new)
    let error = await #expect(throws: Diagnostics.self) {
      _ = try await desired(.missing, now: Self.new, locked: Self.old)
    }
    let fault = try #require(error?.all.first { $0.severity == .error })
    #expect(fault.summary == "base.qcow2 is another image than the one that constellation.lock holds")
    #expect(fault.location.map { "\($0)" } == "constellation.yml:3:10")
  }

  @Test func whatIsPatchedForOnceLeavesTheLockFileAsItIs() async throws {
    let (written, _) = try Manifest.load(Array(Self.patching.utf8), file: "constellation.yml", directoryName: "lab")
    let once = Self.patching.replacing("base.qcow2", with: "/other.qcow2")
    let (manifest, _) = try Manifest.load(Array(once.utf8), file: "constellation.yml", directoryName: "lab")
    var lock = LockFile()
    lock[LockFile.Key(.images, "base.qcow2")] = Self.old
    let inputs = try await Inputs(
      for: manifest, writtenAs: written, in: "/lab", lock: lock, lookingUp: .missing, on: memory.host)
    #expect(inputs.lock == lock)
  }

  @Test func aNameThatStandsForNothingIsAFaultAtItsPlace() async throws {
    let text = """
      kernels:
        own:
          source: git
          url: ../linux
          ref: nosuch

      """
    let error = await #expect(throws: Diagnostics.self) {
      _ = try await Laboratory(memory.host).desired(text)
    }
    let fault = try #require(error?.all.first)
    #expect(fault.summary == "../linux has no branch or tag nosuch")
    #expect(fault.location.map { "\($0)" } == "constellation.yml:5:10")
  }
}
