import Host
import HostTesting
import Network
import Reconcile
import Testing

@testable import Resources

/// What VMs may take of the host.
@Suite struct LimitTests {
  private static func manifest(_ limits: String = "cpu: 150%, memory: 1G, io: 100M") -> String {
    "virtual_machines: {web: {limits: {\(limits)}}}\n"
  }

  private func lines(_ plan: Plan) -> [String] {
    plan.changes.map { planned in
      let reasons = planned.change.reasons.map { "\($0.path) \($0.before ?? "-") \($0.after ?? "-")" }
      return "\(planned.change.verb) \(planned.address) \(planned.change.disruption) \(reasons)"
    }
  }

  @Test func theyAreThereBeforeTheVMAndChangeLive() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    #expect(try await laboratory.apply(Self.manifest()).failures == [])
    let desired = try await laboratory.desired(Self.manifest())
    let vm = ResourceAddress(kind: "vm", name: "web")
    #expect(desired.graph.dependencies[vm]?.contains(ResourceAddress(kind: "limits", name: "web")) == true)
    let plan = try await laboratory.plan(Self.manifest("cpu: 50%, memory: 1G"))
    #expect(lines(plan) == [#"update limits.web live ["cpu 150% 50%", "io 100M -"]"#])
    #expect(
      lines(try await laboratory.plan("virtual_machines: {web: }\n"))
        == [#"delete limits.web live ["cpu 150% -", "io 100M -", "memory 1G -"]"#])
  }

  @Test func aProcessThatSomebodyMovedIsTakenBack() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply(Self.manifest())
    memory.limits.release("web", of: laboratory.scope)
    #expect(lines(try await laboratory.plan(Self.manifest())) == [#"update limits.web live ["process not held held"]"#])
    try await laboratory.apply(Self.manifest())
    #expect(lines(try await laboratory.plan(Self.manifest())) == [])
  }

  @Test func aControllerThatIsMissingIsToldBeforehand() async throws {
    let laboratory = try Laboratory(MemoryHost(controllers: ["cpu"]).host)
    let address = ResourceAddress(kind: "limits", name: "web")
    #expect(
      try await laboratory.plan(Self.manifest()).problems == [
        .obstacle(address, .missingControllers(["io", "memory"]))
      ]
    )
    #expect(try await laboratory.plan(Self.manifest("cpu: 10%")).problems.isEmpty)
  }
}
