import Diagnostics
import Host
import HostTesting
import LinuxHost
import Reconcile
import Resources
import SystemPackage
import Testing

@testable import MerosCommand

/// Every constellation that meros brings along or begins, on a machine in memory.
private func proposal(_ argument: String, in folder: FilePath) async throws -> Proposal {
  let memory = MemoryHost()
  let loader = Loader(folder: folder, data: Scope.test.data, host: memory.host)
  do {
    let goal = try #require(try await loader.goals([argument]).0.first)
    let scope = Scope(constellation: goal.constellation, data: Scope.test.data)
    return Proposal(goal, try await Observation(of: Kinds.all, scope, on: memory.host), kinds: Kinds.all)
  } catch let failure as CommandFailure {
    Issue.record("\(FailureView(failure).text(Paint(isOn: false)))")
    throw failure
  }
}

@Suite struct ExampleTests {
  private static let root =
    FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
  static let names = FileKind.names(in: root.appending("examples")).filter { !$0.contains(".") }.sorted()

  /// Expectations of its manifest are proven by that, too.
  @Test(arguments: names)
  func itPlans(_ name: String) async throws {
    let plan = try await proposal(name, in: Self.root).plan
    #expect(plan.problems.isEmpty)
    #expect(plan.changes.contains { $0.address.kind == "vm" })
  }

  @Test(arguments: names)
  func itTellsWhatToLookAt(_ name: String) throws {
    let folder = Self.root.appending("examples").appending(name)
    #expect(folder.appending("README.md").exists)
    let manifest = String(decoding: try folder.appending("constellation.yml").contents(), as: UTF8.self)
    #expect(manifest.hasPrefix("# yaml-language-server: $schema=../constellation.schema.json\n"))
  }

  @Test func onlyConstellationsAreOfferedForOneThatIsMisspelt() {
    #expect {
      _ = try ConstellationPath.find("quickstrt", in: Self.root)
    } throws: { error in
      let remedy = (error as? Diagnostics)?.all.first?.remedy ?? ""
      return remedy.hasSuffix("; there is \(Self.names.joined(separator: ", "))")
    }
  }

  @Test(arguments: Template.allCases)
  func whatIsBegunPlans(_ template: Template) async throws {
    let folder = FilePath("/tmp/meros-test-\(UInt64.random(in: 0 ... .max))")
    defer { try? folder.removeTree() }
    let beginning = ConstellationBeginning(template, in: folder.appending("lab"))
    try beginning.check()
    try beginning.write()
    let proposal = try await proposal("lab", in: folder)
    #expect(proposal.plan.problems.isEmpty && proposal.goal.constellation == "lab")
    #expect(throws: (any Error).self) { try beginning.check() }
  }

  @Test(arguments: ["Lab", "9lives", "a.b", "..", "/"])
  func whatCannotBeAConstellationIsNotBegun(_ name: String) {
    #expect(throws: (any Error).self) {
      try ConstellationBeginning(.single, in: FilePath("/nowhere").pushing(FilePath(name))).check()
    }
  }
}
