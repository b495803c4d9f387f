import ArgumentParser
import Diagnostics
import Host
import HostTesting
import Manifest
import Reconcile
import Resources
import SystemPackage
import Testing

@testable import MerosCommand

@Suite struct BuildSelectionTests {
  private let text = """
    virtual_machines:
      web: {}
      db: {packages: [nginx]}
      old: {use: old.qcow2}
    """

  private func goal(_ image: ImageChoice? = nil, on host: Host = .inMemory) throws -> Goal {
    let (written, _) = try Manifest.load(Array(text.utf8), file: "f.yml", directoryName: "lab")
    let manifest = image?.applied(to: written) ?? written
    let inputs = Inputs(
      directory: "/lab", files: ["old.qcow2": "1", "/images/new.qcow2": "2"],
      accelerators: ["x86_64": .init(.tcg, reason: "a test")])
    return Goal("lab", try Desired(manifest, inputs, scope: .test).graph)
  }

  private func targets(_ machines: [String], rootOnly: Bool = false, in goal: Goal) -> [String] {
    let selection = BuildSelection(constellation: "lab", machines: machines, isRootOnly: rootOnly)
    return selection.targets(in: goal).map(\.description).sorted()
  }

  @Test func rootDisksAndKernelsAreMade() throws {
    let all = targets([], in: try goal())
    #expect(all.prefix(3) == ["disk.db", "disk.old", "disk.web"])
    #expect(all.count == 4 && all.last?.hasPrefix("kernel.debian-bookworm-") == true)
    #expect(targets(["old"], in: try goal()) == ["disk.old"])
    #expect(targets(["web", "db"], rootOnly: true, in: try goal()) == ["disk.db", "disk.web"])
  }

  @Test func aVMThatNobodyKnowsIsAnErrorWithWhatIsNear() throws {
    let selection = BuildSelection(constellation: "lab", machines: ["wep", "db"], isRootOnly: false)
    let failure = #expect(throws: CommandFailure.self) { try selection.check(among: ["web", "db", "old"]) }
    guard case .diagnostics(let faults)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(faults.all.map(\.summary) == ["no virtual machine is called wep"])
    #expect(faults.all.first?.remedy == "did you mean web?")
  }

  @Test func anImageGoesBeforeWhatTheManifestSays() throws {
    let choice = ImageChoice(image: "/images/new.qcow2", machines: ["web"])
    let goal = try goal(choice)
    let disk = try #require(goal.graph.resources[ResourceAddress(kind: "disk", name: "web")] as? Disk)
    #expect(disk.imageInputs["use"] == "2")
    let machine = try #require(goal.graph.resources[ResourceAddress(kind: "vm", name: "web")] as? VirtualMachine)
    #expect(machine.design.boot == .image)
    #expect(targets(["web"], in: goal) == ["disk.web"])
    let other = try #require(goal.graph.resources[ResourceAddress(kind: "disk", name: "db")] as? Disk)
    #expect(other.imageInputs["packages"] == "nginx")
  }

  @Test(arguments: [
    ("nosuch", "not there"), ("Sources", "a folder, and no disk image"), ("/dev/null", "no regular file"),
  ])
  func anImageOfTheCommandLineIsLookedForThere(_ name: String, _ fault: String) throws {
    let command = try #require(try Meros.parseAsRoot(["build", "--use", name, "lab"]) as? BuildCommand)
    let invocation = Invocation(command.common)
    let folder = try invocation.absolute(".")
    do throws(CommandFailure) {
      _ = try invocation.existing(name, as: "disk image", of: "--use")
      Issue.record("there is none")
    } catch {
      guard case .diagnostics(let faults) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(
        faults.all == [
          Diagnostic(
            .error, "--use \(name) is \(fault)",
            remedy: "name a disk image; paths of --use are relative to the working directory, \(folder)")
        ])
    }
    #expect(
      try invocation.existing("Package.swift", as: "disk image", of: "--use") == folder.appending("Package.swift"))
  }

  @Test func nothingIsMadeAnewBeneathAMachineThatRuns() async throws {
    let host = Host.inMemory
    let first = try goal()
    let site = try await Observation(of: Kinds.all, .test, on: host)
    let start = Proposal(first, site, kinds: Kinds.all)
    _ = await start.plan.apply(on: host)
    let address = ResourceAddress(kind: "disk", name: "web")
    let changed = try goal(ImageChoice(image: "/images/new.qcow2", machines: ["web"]))
    func proposal() async throws -> Proposal {
      Proposal(
        changed, try await Observation(of: Kinds.all, .test, on: host), kinds: Kinds.all,
        options: PlanOptions(targets: [address]))
    }
    let running = try await proposal()
    #expect(running.plan.changes.contains { $0.address == address && $0.change.verb == .replace })
    #expect(throws: CommandFailure.self) { try BuildSelection.checkNoneRuns(running) }
    try await host.machines.stop("web", of: .test, grace: .zero)
    try BuildSelection.checkNoneRuns(try await proposal())
  }
}
