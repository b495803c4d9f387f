package import Host
import Network

extension Host {
  /// The same host, on which what is read of links, routes, tables and disks is read once: for one observation of
  /// one scope, in which several kinds ask for the same. Not for actions.
  package var memoized: Host {
    var host = self
    host.links = MemoizedLinks(base: links)
    host.packetFilter = MemoizedPacketFilter(base: packetFilter)
    host.disks = MemoizedDisks(base: disks)
    return host
  }
}

/// One value that is read at most once; those who ask meanwhile wait for it.
private actor Once<Value: Sendable> {
  private var reading: Task<Result<Value, HostError>, Never>?

  func value(_ read: @escaping @Sendable () async -> Result<Value, HostError>) async throws(HostError) -> Value {
    let task = reading ?? Task { await read() }
    reading = task
    return try await task.value.get()
  }
}

private func result<Value: Sendable>(
  _ read: () async throws(HostError) -> Value
) async -> Result<Value, HostError> {
  do throws(HostError) { return .success(try await read()) } catch { return .failure(error) }
}

private struct MemoizedLinks: Links {
  let base: any Links
  private let allLinks = Once<[Link]>()
  private let allRoutes = Once<[Route]>()

  init(base: any Links) { self.base = base }

  func links() async throws(HostError) -> [Link] {
    try await allLinks.value { await result { () throws(HostError) in try await base.links() } }
  }
  func routes() async throws(HostError) -> [Route] {
    try await allRoutes.value { await result { () throws(HostError) in try await base.routes() } }
  }
  func ensureBridge(_ design: BridgeDesign) async throws(HostError) { try await base.ensureBridge(design) }
  func ensureTap(_ design: TapDesign) async throws(HostError) { try await base.ensureTap(design) }
  func removeLink(_ name: LinkName, group: UInt32) async throws(HostError) {
    try await base.removeLink(name, group: group)
  }
}

private struct MemoizedPacketFilter: PacketFilter {
  let base: any PacketFilter
  private let allTables = Once<[TableHeader]>()

  init(base: any PacketFilter) { self.base = base }

  func tables() async throws(HostError) -> [TableHeader] {
    try await allTables.value { await result { () throws(HostError) in try await base.tables() } }
  }
  func observe(_ tables: Set<TableIdentity>) async throws(HostError) -> [Table] { try await base.observe(tables) }
  func hookedChains(of tables: Set<TableIdentity>) async throws(HostError) -> [HookedChain] {
    try await base.hookedChains(of: tables)
  }
  func commit(_ tables: [Table]) async throws(HostError) { try await base.commit(tables) }
  func refusals(of tables: [Table]) async throws(HostError) -> [HostError.Refusal] {
    try await base.refusals(of: tables)
  }
  func remove(_ tables: Set<TableIdentity>) async throws(HostError) { try await base.remove(tables) }
}

private struct MemoizedDisks: Disks {
  let base: any Disks
  private let all = Once<[ObservedDisk]>()

  init(base: any Disks) { self.base = base }

  func disks(of scope: Scope) async throws(HostError) -> [ObservedDisk] {
    try await all.value { await result { () throws(HostError) in try await base.disks(of: scope) } }
  }
  func ensure(_ design: DiskDesign) async throws(HostError) { try await base.ensure(design) }
  func setPower(_ power: PowerState, _ name: String, of scope: Scope) async throws(HostError) {
    try await base.setPower(power, name, of: scope)
  }
  func remove(_ name: String, of scope: Scope) async throws(HostError) { try await base.remove(name, of: scope) }
}
