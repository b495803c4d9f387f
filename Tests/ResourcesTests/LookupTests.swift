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
