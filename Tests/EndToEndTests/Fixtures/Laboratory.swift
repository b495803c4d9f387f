import Host
import HostTesting
import LinuxHost
import Netlink
import Reconcile
import Resources
import SystemPackage
import Testing

@testable import MerosCommand

/// A constellation, planned and applied from texts of manifests just as the commands do it.
struct Laboratory: Sendable {
  let ground: Ground
  let name: String
  let site: Site
  var host: Host

  var scope: Scope { site.data.scope(name) }
  var data: FilePath { site.data.root }

  /// - Parameter data: the name of the data directory, below the ground's folder.
  init(_ ground: Ground, _ name: String = "lab", data: String = "data") throws {
    self.ground = ground
    self.name = name
    site = try Site.open(
      ground.folder.appending(data), namespaceName: ground.namespace.name, create: true)
    host = site.host
    host.disks = ObedientDisks(base: host.disks, data: site.data)
  }

  /// The same without machines and what they are made of: links, packet filter and forwarding are the kernel's.
  static func withoutMachines(_ ground: Ground, _ name: String = "lab", data: String = "data") throws -> Laboratory {
    var laboratory = try Laboratory(ground, name, data: data)
    let store = MemoryStore()
    let disks = MemoryDisks(store: store)
    laboratory.host.store = store
    laboratory.host.disks = disks
    laboratory.host.keys = MemoryKeys()
    laboratory.host.limits = MemoryLimits()
    laboratory.host.machines = MemoryMachines(links: laboratory.host.links, disks: disks)
    return laboratory
  }

  /// - Parameter manifest: nil wants nothing, as `destroy` does.
  func goal(_ manifest: String?) async throws -> Goal {
    guard let manifest else { return Goal(destroying: name) }
    try ground.write(manifest, to: "\(name)/constellation.yml")
    let loader = Loader(folder: ground.folder, data: site.data.identity, host: host)
    do {
      return try #require(try await loader.goals([name]).0.first)
    } catch let failure as CommandFailure {
      Issue.record("\(FailureView(failure).text(Paint(isOn: false)))")
      throw failure
    }
  }

  func proposal(_ manifest: String?, _ options: PlanOptions = .init()) async throws -> Proposal {
    let goal = try await goal(manifest)
    return Proposal(
      goal, try await Observation(of: Kinds.all, scope, on: host), kinds: Kinds.all, options: options)
  }

  /// A line for each change and each problem.
  func plan(_ manifest: String?, _ options: PlanOptions = .init()) async throws -> [String] {
    try await proposal(manifest, options).plan.lines
  }

  /// Applies, however disruptive, and expects a fresh look to find nothing left to do.
  func apply(
    _ manifest: String?, _ options: PlanOptions = .init(), sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let (ending, words) = try await attempt(manifest, options)
    #expect(ending == .complete, "\(words)", sourceLocation: sourceLocation)
  }

  /// Applies, and says how it ended and what was said.
  func attempt(
    _ manifest: String?, _ options: PlanOptions = .init()
  ) async throws -> (ApplySession.Ending, words: String) {
    let proposal = try await proposal(manifest, options)
    let words = Words()
    let session = ApplySession(
      kinds: Kinds.all, host: host, gate: Gate(maximum: .dataLoss, isDestruction: manifest == nil), isApproved: true,
      narrator: TextNarrator(words.console))
    return (await session.run([proposal]), words.text)
  }

  /// The processes of the VMs, by their names.
  func pids() async throws -> [String: Int32] {
    let machines = try await host.machines.machines(of: scope)
    return Dictionary(machines.map { ($0.name, $0.pid) }) { first, _ in first }
  }
}

extension Plan {
  /// "update vm.web restart memory: 32M -> 64M", and whatever stands against the plan.
  var lines: [String] {
    changes.map { planned in
      let change = planned.change
      let reasons = change.reasons.map { ", \($0.path): \($0.before ?? "-") -> \($0.after ?? "-")" }
      // What is made or goes has all its attributes as reasons: they say nothing here.
      let said = change.verb == .update || change.verb == .replace ? reasons.joined() : ""
      return "\(change.verb) \(planned.address) (\(change.disruption.rawValue))\(said)"
    } + problems.map { "problem: \($0)" }
  }
}
