import Host
import HostTesting
import Network
import Reconcile
import Synchronization
import Testing

@Suite struct ApplyTests {
  let world = World()
  let host = MemoryHost().host
  let scope: Scope

  init() throws {
    scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
  }

  func plan(_ goal: [Toy]) throws -> Plan {
    Plan(from: world.observation(scope), to: try ResourceGraph(goal), kinds: [Toy.self])
  }

  /// a on b on c, and d by itself.
  var chain: [Toy] {
    [
      Toy(world: world, name: "a", dependencies: [toy("b")]), Toy(world: world, name: "b", dependencies: [toy("c")]),
      Toy(world: world, name: "c"), Toy(world: world, name: "d"),
    ]
  }

  @Test func afterApplyingNothingIsLeftToDo() async throws {
    let report = try await plan(chain).apply(on: host)
    #expect(report.isComplete)
    #expect(try plan(chain).isEmpty)
    #expect(Set(world.deeds) == ["make a", "make b", "make c", "make d"])
  }

  @Test func aFailureSkipsOnlyWhatWaits() async throws {
    world.refuse(["make b"])
    let report = try await plan(chain).apply(on: host)
    func outcome(_ name: String) -> Report.Outcome? { report.outcomes[Step.Identity(toy(name), .setUp)] }
    #expect(outcome("b") == .failed(HostError("make b", .cancelled)))
    #expect(outcome("a") == .skipped(because: .waitedFor(Step.Identity(toy("b"), .setUp))))
    #expect(Set(world.deeds) == ["make c", "make d"])
    world.refuse([])
    #expect(try await plan(chain).apply(on: host).isComplete)
    #expect(try plan(chain).isEmpty)
  }

  @Test func whateverIsRefusedTheNextApplyMends() async throws {
    _ = try await plan(chain).apply(on: host)
    let goal = [
      Toy(world: world, name: "a", value: 2, dependencies: [toy("b")]),
      Toy(world: world, name: "b", value: 2, dependencies: [toy("e")]), Toy(world: world, name: "e"),
    ]
    for deed in ["remove a", "remove b", "remove c", "make a", "make b", "make e", "remove d"] {
      world.refuse([deed])
      #expect(try await !plan(goal).apply(on: host).isComplete)
      world.refuse([])
      #expect(try await plan(goal).apply(on: host).isComplete)
      #expect(try plan(goal).isEmpty)
      _ = try await plan(chain).apply(on: host)
      #expect(try plan(chain).isEmpty)
    }
  }

  @Test func anInterruptionFinishesWhatRunsAndStartsNothing() async throws {
    let interruption = Interruption()
    let report = try await plan(chain).apply(on: host, parallelism: 1, interruption: interruption) { event in
      if case .started = event { interruption.request() }
    }
    #expect(world.deeds.count == 1)
    #expect(report.outcomes.values.count { $0 == .skipped(because: .interrupted) } == 3)
  }

  @Test func noMoreStepsRunAtOnceThanAllowed() async throws {
    let running = Mutex((now: 0, most: 0))
    let toys = (0..<40).map { Toy(world: world, name: "t\($0)") }
    _ = try await plan(toys).apply(on: host, parallelism: 3) { event in
      running.withLock { running in
        switch event {
        case .started: running.now += 1
        case .finished: running.now -= 1
        case .progress: break
        }
        running.most = max(running.most, running.now)
      }
    }
    #expect(running.withLock(\.most) == 3)
    #expect(world.deeds.count == 40)
  }
}
