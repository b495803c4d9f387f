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
  // Images of others are downloaded by whoever tries the example; here something stands in for them.
  let image = folder.appending("examples/cloud-image/debian-12-generic-amd64.qcow2").string
  let memory = MemoryHost(inputs: MemoryInputFiles(files: [image: String(repeating: "5", count: 64)]))
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

  /// Nothing to do, something to do, a fault.
  @Test(arguments: [0, 1, 2] as [Int32])
  func theHostOfARepositoryAppliesOnlyWhatIsPlanned(_ code: Int32) async throws {
    let folder = FilePath("/tmp/meros-test-\(UInt64.random(in: 0 ... .max))")
    try folder.makeFolders()
    defer { try? folder.removeTree() }
    let meros = "#!/bin/sh\necho \"$@\" >>\"$(dirname \"$0\")/calls\"\ntest \"$1\" != plan || exit \(code)\n"
    try folder.appending("meros").replaceContents(Array(meros.utf8), permissions: [.ownerReadWriteExecute])
    let script = Self.root.appending("examples/gitops/deploy/reconcile").string
    let path = "\(folder):/usr/bin:/bin"
    let result = try await Program("sh", [script, "/srv/gitops"], environment: ["PATH": path]).result("reconcile")
    #expect(result.termination == .exited(code == 2 ? 0 : code))
    let calls = String(decoding: try folder.appending("calls").contents(), as: UTF8.self).split(separator: "\n")
    #expect(calls.first == "plan /srv/gitops --detailed-exitcode --no-color")
    let applied = code == 2 ? ["apply /srv/gitops --auto-approve"] : []
    #expect(calls.dropFirst().map { $0.split(separator: " ").prefix(3).joined(separator: " ") } == applied)
    #expect(calls.count < 2 || calls[1].hasSuffix("--max-disruption restart"))
  }

  @Test(arguments: [
    ("quickstrt", "; did you mean quickstart?"), ("nothing-like-it", "; there is \(names.joined(separator: ", "))"),
  ])
  func onlyConstellationsAreOfferedForOneThatIsMisspelt(_ name: String, _ offer: String) {
    #expect {
      _ = try ConstellationPath.find(name, in: Self.root)
    } throws: { error in
      (error as? Diagnostics)?.all.first?.remedy?.hasSuffix(offer) ?? false
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
