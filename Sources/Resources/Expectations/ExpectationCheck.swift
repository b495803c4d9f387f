import Diagnostics
import Host
import Manifest
import Network
import Reachability
import Reconcile

/// Holds what a manifest expects against the network that is made of it.
struct ExpectationCheck {
  private let reachability: Reachability
  private let bridges: [CompiledNetwork.Bridge]

  init(_ graph: ResourceGraph) {
    let network = CompiledNetwork(graph, former: ForwardingState(ipv4: false, ipv6: false))
    reachability = Reachability(network)
    bridges = network.bridges
  }

  /// One side, as far as the network tells it apart.
  private enum Side: Hashable {
    case machine(String)
    case host
    /// Addresses that are none of ours.
    case world(IPAddress.Family, ClosedRange<UInt128>)
  }

  /// An error for each expectation that is false, at its place.
  func faults(of expectations: [ExpectSpec]) -> Diagnostics {
    var faults = Diagnostics()
    for expectation in expectations {
      let (from, to) = (sides(of: expectation.from.value), sides(of: expectation.to.value))
      var isJudged = false
      for one in from {
        for other in to where one != other {
          guard let reaches = reaches(from: one, to: other) else { continue }
          isJudged = true
          for part in reaches {
            let sides = [one, other].map { side in
              if case .world = side { part.addresses ?? text(side) } else { text(side) }
            }
            guard let fault = Self.fault(of: part.reach, expectation, sides[0], sides[1]) else { continue }
            faults.append(fault)
          }
        }
      }
      if !isJudged {
        faults.error(
          "nothing passes here that meros filters: this expectation proves nothing", at: expectation.location,
          remedy: "name a virtual machine or a bridge that has some on one side, and another one on the other")
      }
    }
    return faults
  }

  private static func fault(
    of reach: Reach, _ expectation: ExpectSpec, _ from: String, _ to: String
  ) -> Diagnostic? {
    let wanted = access(expectation.port?.value)
    let what = expectation.port.map { " \($0.value)" } ?? ""
    switch expectation.verdict {
    case .allow:
      let missing = wanted.subtracting(reach.certain).of(reach.families)
      guard reach.families.isEmpty || !missing.isEmpty else { return nil }
      let passes = reach.certain.intersection(wanted).text(reach.families)
      let cause = reach.doubt.map(\.description) ?? reach.obstacle.map { "kept back by \($0)" }
      let families = reach.families.isEmpty ? "they have no addresses of one family" : nil
      return Diagnostic(
        .error, "false: not all\(what) passes from \(from) to \(to); what passes is \(passes)",
        at: expectation.location,
        remedy: "\(families ?? cause ?? "nothing leads there"); add a flow, widen a policy, or expect less")
    case .deny:
      let passing = reach.possible.intersection(wanted)
      guard !passing.isEmpty else { return nil }
      let doubt = reach.doubt.map { "; \($0)" } ?? ""
      return Diagnostic(
        .error, "false: \(passing.text(reach.families)) passes from \(from) to \(to)", at: expectation.location,
        remedy: "take away the policy, port, address or flow that admits it, or expect it\(doubt)")
    }
  }

  /// nil: everything.
  private static func access(_ port: PortRange?) -> Access {
    guard let port else { return .all }
    var access = Access.none
    for family in IPAddress.Family.allCases {
      access[family, port.transport == .tcp ? .tcp : .udp] = PortSet(port.ports)
    }
    return access
  }

  private func sides(of endpoint: Endpoint) -> [Side] {
    switch endpoint {
    case .world: [.world(.v4, 0...UInt128(UInt32.max)), .world(.v6, 0...UInt128.max)]
    case .host: [.host]
    case .bridge(let name): (reachability.bridges[name] ?? []).sorted().map { .machine($0) }
    case .virtualMachine(let name): [.machine(name)]
    case .prefix(let prefix): sides(of: prefix)
    }
  }

  /// Whoever has addresses in it: VMs and the world; the host where it is meant by its very address.
  private func sides(of prefix: IPPrefix) -> [Side] {
    var sides: [Side] = []
    for (name, addresses) in reachability.addresses.sorted(by: { $0.key < $1.key })
    where addresses.contains(where: prefix.contains) {
      sides.append(.machine(name))
    }
    if bridges.flatMap(\.addresses).contains(where: { prefix == IPPrefix($0.address) }) { sides.append(.host) }
    return sides + [.world(prefix.family, prefix.address.value...prefix.last.value)]
  }

  /// What passes, and which addresses of the world it concerns; nil: all that were asked for.
  private typealias Part = (reach: Reach, addresses: String?)

  /// nil where nothing of ours is between them.
  private func reaches(from: Side, to: Side) -> [Part]? {
    switch (from, to) {
    case (.machine(let one), .machine(let other)): [(reachability.reach(from: one, to: other), nil)]
    case (.machine(let name), .host): [(reachability.reachOfHost(from: name), nil)]
    case (.host, .machine(let name)): [(reachability.reachFromHost(to: name), nil)]
    case (.machine(let name), .world(let family, let range)):
      Self.reaches(reachability.reachOfWorld(from: name), family, range)
    case (.world(let family, let range), .machine(let name)):
      Self.reaches(reachability.reachFromWorld(to: name), family, range)
    case (.host, .host), (.host, .world), (.world, .host), (.world, .world): nil
    }
  }

  private static func reaches(
    _ world: WorldReach, _ family: IPAddress.Family, _ range: ClosedRange<UInt128>
  ) -> [Part]? {
    let parts = world.parts.filter { $0.family == family && $0.range.overlaps(range) }
    let isAlike = Set(parts.map(\.reach)).count < 2
    let all = parts.map { part in
      let common = part.range.clamped(to: range)
      let name = ReachabilityLine.Name.addresses(
        IPAddress(family, value: common.lowerBound), through: IPAddress(family, value: common.upperBound))
      return (part.reach, isAlike ? nil : name.description)
    }
    return all.isEmpty ? nil : all
  }

  private func text(_ side: Side) -> String {
    switch side {
    case .machine(let name): name
    case .host: "host"
    case .world(let family, let range):
      range.lowerBound == 0
        ? "world"
        : "\(ReachabilityLine.Name.addresses(IPAddress(family, value: range.lowerBound), through: IPAddress(family, value: range.upperBound)))"
    }
  }
}

extension Access {
  /// What is of these families.
  fileprivate func of(_ families: Set<IPAddress.Family>) -> Access {
    intersection(Access(IPAddress.Family.allCases.filter(families.contains)))
  }
}
