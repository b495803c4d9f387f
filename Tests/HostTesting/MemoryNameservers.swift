package import Host
import Network
import Synchronization

/// Name servers that are only what they were started as and told. A start needs the bridge that the design names, where
/// the fake was given that power.
package final class MemoryNameservers: Nameservers {
  private struct Key: Hashable {
    var scope: Scope
    var name: String
  }

  private struct State {
    var servers: [Key: ObservedNameserver] = [:]
    var nextPID: Int32 = 500
  }

  private let state = Mutex(State())
  private let links: (any Links)?
  private let faults: FaultPlan

  package init(links: (any Links)? = nil, faults: FaultPlan = FaultPlan()) {
    self.links = links
    self.faults = faults
  }

  package func nameservers(of scope: Scope) async throws(HostError) -> [ObservedNameserver] {
    let found = state.withLock { $0.servers.filter { $0.key.scope == scope } }
    return found.values.sorted { $0.name < $1.name }
  }

  package func ensure(_ design: NameserverDesign) async throws(HostError) {
    let key = Key(scope: design.scope, name: design.name)
    let present = state.withLock { $0.servers[key] }
    if present?.pid != nil {
      guard present?.hosts != design.hosts else { return }
      try faults.check("tell the name server of \(design.name)")
      state.withLock { $0.servers[key]?.hosts = design.hosts }
      return
    }
    let deed = "start the name server of \(design.name)"
    try faults.check(deed)
    if let links, try await !links.links().contains(where: { $0.name == design.link }) {
      throw HostError(deed, .missing("bridge \(design.link)"))
    }
    state.withLock { state in
      state.servers[key] = ObservedNameserver(
        name: design.name, pid: state.nextPID, attributes: design.attributes, hosts: design.hosts)
      state.nextPID += 1
    }
  }

  package func remove(_ name: String, of scope: Scope) async throws(HostError) {
    let key = Key(scope: scope, name: name)
    guard state.withLock({ $0.servers[key] != nil }) else { return }
    try faults.check("stop the name server of \(name)")
    state.withLock { $0.servers[key] = nil }
  }

  /// The process ends by itself; its files stay.
  package func crash(_ name: String, of scope: Scope) {
    state.withLock { state in
      let key = Key(scope: scope, name: name)
      state.servers[key]?.pid = nil
      state.servers[key]?.attributes = [:]
      state.servers[key]?.hosts = nil
    }
  }

  /// Nobody knows what it was told.
  package func forgetNames(_ name: String, of scope: Scope) {
    state.withLock { $0.servers[Key(scope: scope, name: name)]?.hosts = nil }
  }
}
