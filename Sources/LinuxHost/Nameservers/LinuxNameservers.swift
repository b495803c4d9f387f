package import Host
package import Netlink
import SystemPackage

/// dnsmasq on this machine, in one network namespace: one process for each bridge, as the constellation's own user, who
/// may bind port 53 and nothing else. It is found again by what its environment carries.
package struct LinuxNameservers: Nameservers {
  let namespace: NetworkNamespace

  package init(in namespace: NetworkNamespace) { self.namespace = namespace }

  package func nameservers(of scope: Scope) async throws(HostError) -> [ObservedNameserver] {
    let processes = try NameserverProcess.all(of: scope)
    let names = try NameserverFolder.names(of: scope)
    if processes.isEmpty, names.isEmpty { return [] }
    let home = try home()
    var found: [String: ObservedNameserver] = [:]
    var table: NameTable?
    for process in processes where process.namespace == home && found[process.name] == nil {
      let told = NameserverFolder(process.name, of: scope)?.table(like: table)
      table = told ?? table
      found[process.name] = ObservedNameserver(
        name: process.name, pid: process.pid, attributes: process.attributes, hosts: told?.lines)
    }
    // One that runs elsewhere has not left its files behind.
    let elsewhere = Set(processes.map(\.name))
    for name in names where found[name] == nil && !elsewhere.contains(name) {
      found[name] = ObservedNameserver(name: name, pid: nil, attributes: [:], hosts: nil)
    }
    return found.values.sorted { $0.name < $1.name }
  }

  package func ensure(_ design: NameserverDesign) async throws(HostError) {
    let attempted = "serve names on bridge \(design.name)"
    guard let folder = NameserverFolder(design.name, of: design.scope) else {
      throw HostError(attempted, .malformed("bridge \(design.name)", "no folder can have this name"))
    }
    let home = try home()
    let processes = try NameserverProcess.all(of: design.scope).filter { $0.name == design.name }
    if let process = processes.first(where: { $0.namespace == home }) {
      try await tell(process, design, folder, attempted)
    } else if let other = processes.first {
      // It has the same files.
      throw HostError(
        attempted, .notOurs("name server of \(design.name) in another network namespace, pid \(other.pid)"))
    } else {
      try await start(design, folder, attempted)
    }
  }

  package func remove(_ name: String, of scope: Scope) async throws(HostError) {
    let home = try home()
    let processes = try NameserverProcess.all(of: scope).filter { $0.name == name }
    for process in processes where process.namespace == home {
      guard let handle = ProcessHandle.open(pid: process.pid), process.isThere(scope) else { continue }
      handle.terminate()
      if await !handle.awaitEnd(until: .now + .seconds(2)) { handle.kill() }
      let isGone = await handle.awaitEnd(until: .now + .seconds(10))
      _ = handle.reap()
      guard isGone else { throw HostError("stop serving names on bridge \(name)", .timeout(.seconds(10))) }
    }
    if processes.allSatisfy({ $0.namespace == home }) { try NameserverFolder(name, of: scope)?.remove() }
  }

  private func tell(
    _ process: NameserverProcess, _ design: NameserverDesign, _ folder: NameserverFolder, _ attempted: String
  ) async throws(HostError) {
    let table = NameTable(design.hosts)
    if folder.table(like: table) == table { return }
    guard let handle = ProcessHandle.open(pid: process.pid), process.isThere(design.scope) else {
      throw HostError(attempted, .missing("name server of \(design.name)"))
    }
    try await folder.tell(table) { () throws(HostError) in
      guard handle.reload() else { throw HostError(attempted, .missing("name server of \(design.name)")) }
    }
  }

  func home() throws(HostError) -> NetworkNamespace.Identity {
    do {
      return try namespace.identity()
    } catch {
      throw HostError("find name servers", .system(errno: error.code, call: error.call))
    }
  }
}
