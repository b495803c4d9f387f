import Host
import LinuxHost
import Manifest
import MerosCommand
import Reachability
import Reconcile
import Resources
import SystemPackage

/// What `meros plan` does, phase by phase, in this process.
struct PlanPhases {
  private let site: Site
  private let folder: FilePath
  private let lock: LockFile
  private var phases: [(name: String, durations: [Duration])] = []

  init(_ site: Site, _ folder: FilePath, _ lock: LockFile) {
    self.site = site
    self.folder = folder
    self.lock = lock
  }

  private var scope: Scope { site.data.scope(folder.lastComponent?.string ?? "") }

  private func load() throws -> Manifest {
    let bytes = try folder.appending("constellation.yml").contents()
    return try Manifest.load(bytes, file: "constellation.yml", directoryName: "").manifest
  }

  /// Makes the bridges, taps and rules that the plan is to find.
  func applyNetworks() async throws {
    let manifest = try load()
    let inputs = try await Inputs(for: manifest, in: folder.string, lock: lock, on: site.host)
    let graph = try Desired(manifest, inputs, scope: scope).graph
    let kinds = [Tap.kind, Firewall.kind, Bridge.kind, ForwardingSwitch.kind]
    let targets = Set(graph.resources.keys.filter { kinds.contains($0.kind) })
    let observation = try await Observation(of: Kinds.all, scope, on: site.host)
    let plan = Plan(from: observation, to: graph, kinds: Kinds.all, options: PlanOptions(targets: targets))
    let report = await plan.apply(on: site.host)
    guard plan.problems.isEmpty, report.isComplete else {
      throw BenchFailure("the networks could not be made: \(report)")
    }
  }

  mutating func run() async throws {
    try Interrupt.check()
    let (host, scope, folder) = (site.host, scope, folder)
    let bytes = try folder.appending("constellation.yml").contents()
    let manifest = try await time("  parse") {
      try Manifest.load(bytes, file: "constellation.yml", directoryName: "").manifest
    }
    let lock = lock
    let inputs = try await time("  inputs") {
      try await Inputs(for: manifest, in: folder.string, lock: lock, on: host)
    }
    let graph = try await time("  graph") { try Desired(manifest, inputs, scope: scope).graph }
    let observation = try await time("  observe") { try await Observation(of: Kinds.all, scope, on: host) }
    let plan = await time("  plan") { Plan(from: observation, to: graph, kinds: Kinds.all) }
    _ = await time(Self.reachability) { ReachabilityDifference(of: plan, from: observation, to: graph) }
    let proposal = Proposal(Goal(scope.constellation, graph), observation, kinds: Kinds.all)
    _ = await time("  view") { PlanView([proposal]).text(Paint(isOn: false)).utf8.count }
  }

  private mutating func time<Value>(_ name: String, _ phase: () async throws -> Value) async rethrows -> Value {
    let start = ContinuousClock.now
    let value = try await phase()
    let duration = ContinuousClock.now - start
    if let index = phases.firstIndex(where: { $0.name == name }) {
      phases[index].durations.append(duration)
    } else {
      phases.append((name, [duration]))
    }
    return value
  }

  private static let reachability = "  reachability"

  /// - Parameter limit: what is claimed of the reachability; nil for nothing.
  func findings(reachability limit: Duration?) -> [Finding] {
    phases.map { phase in
      Finding(
        name: phase.name, peer: "", ours: phase.durations.median, theirs: nil, count: phase.durations.count,
        claim: phase.name == Self.reachability ? limit.map { .below($0) } ?? .none : .none)
    }
  }
}
