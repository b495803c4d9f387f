package import Host
package import Network
import Synchronization

/// Links of a machine that exists only here. Keeps the rules that `LinuxLinks` keeps.
package final class MemoryLinks: Links {
  private let state: Mutex<MemoryLinksState>
  private let faults: FaultPlan

  /// `links` and `routes` belong to others and are there from the start.
  package init(_ links: [Link] = [], routes: [Route] = [], faults: FaultPlan = FaultPlan()) {
    var state = MemoryLinksState(routes: routes)
    for link in links {
      state.links[link.name] = link
      state.lastIndex = max(state.lastIndex, link.index)
    }
    self.state = Mutex(state)
    self.faults = faults
  }

  /// Does to the links what somebody else might.
  package func meddle(_ body: (inout [LinkName: Link]) -> Void) {
    state.withLock { body(&$0.links) }
  }

  package func links() async throws(HostError) -> [Link] {
    state.withLock { $0.links.values.sorted { $0.index < $1.index } }
  }

  package func routes() async throws(HostError) -> [Route] {
    state.withLock { state in
      state.routes
        + state.links.values.filter(\.isUp).sorted { $0.index < $1.index }.flatMap { link in
          link.addresses.map { Route(destination: $0.prefix, link: link.name) }
        }
    }
  }

  package func ensureBridge(_ design: BridgeDesign) async throws(HostError) {
    let deed = "create bridge \(design.name)"
    try faults.check(deed)
    let obstacle = state.withLock { state in
      state.change(design.name, group: design.group, alias: design.alias, new: .bridge) { link in
        link.mtu = design.mtu
        link.addresses = design.addresses.sorted()
        link.routing = design.routing
      }
    }
    if let obstacle { throw HostError(deed, obstacle) }
  }

  package func ensureTap(_ design: TapDesign) async throws(HostError) {
    let deed = "create tap \(design.name)"
    try faults.check(deed)
    let obstacle = state.withLock { state -> HostError.Cause? in
      guard state.links[design.master]?.kind == .bridge else { return .missing("bridge \(design.master)") }
      return state.change(design.name, group: design.group, alias: design.alias, new: .tap(owner: design.owner)) {
        link in
        link.kind = .tap(owner: design.owner)
        link.alternativeNames = [design.alternativeName].compactMap(\.self)
        link.master = design.master
        link.mtu = design.mtu
        link.isIsolated = design.isIsolated
      }
    }
    if let obstacle { throw HostError(deed, obstacle) }
  }

  package func removeLink(_ name: LinkName, group: UInt32) async throws(HostError) {
    try faults.check("delete link \(name)")
    state.withLock { state in
      guard state.links[name]?.group == group else { return }
      state.links[name] = nil
      for port in state.links.keys where state.links[port]?.master == name {
        state.links[port]?.master = nil
        state.links[port]?.isIsolated = false
      }
    }
  }
}

private struct MemoryLinksState {
  var links: [LinkName: Link] = [:]
  var routes: [Route]
  var lastIndex: Int32 = 1

  /// Makes or changes a link of ours; returns what keeps us from it.
  mutating func change(
    _ name: LinkName, group: UInt32, alias: String, new kind: Link.Kind, _ body: (inout Link) -> Void
  ) -> HostError.Cause? {
    var link: Link
    if let present = links[name] {
      let isOther = present.alias.flatMap { Mark($0) }.map { $0.scope != Mark(alias)?.scope } ?? false
      let isSameKind =
        switch (present.kind, kind) {
        case (.bridge, .bridge), (.tap, .tap), (.other("tun"), .tap): true
        default: false
        }
      guard present.group == group, !isOther, isSameKind else { return .notOurs("link \(name)") }
      link = present
    } else {
      lastIndex += 1
      link = Link(index: lastIndex, name: name, kind: kind, group: group)
    }
    link.alias = alias
    link.isUp = true
    body(&link)
    links[name] = link
    return nil
  }
}
