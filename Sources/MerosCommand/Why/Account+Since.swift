import Host
import Network
import Reconcile
import Resources

extension Account.Since {
  /// Since when something is what it is: the start of its process, its build, its disk's mark; nil where nobody notes it.
  static func look(_ address: ResourceAddress, _ observation: Observation, on host: Host) async throws(HostError)
    -> Self?
  {
    switch observation.resources[address]?.value {
    case let vm as ObservedVirtualMachine: return await started(vm.machine?.pid, on: host)
    case let server as Nameserver.Observed: return await started(server.server.pid, on: host)
    case let disk as Disk.Observed: return disk.disk.madeAt.map { Self(second: $0, words: "it was made") }
    case let entry as StoreEntry:
      let item = try await host.store.items().first { $0.entry.kind == entry.kind && $0.entry.name == entry.name }
      return item.map { Self(second: $0.builtAt, words: "it was built, in \(entry.duration.elapsed)") }
    default: return nil
    }
  }

  private static func started(_ pid: Int32?, on host: Host) async -> Self? {
    guard let pid, let vitals = await host.machines.vitals(of: [pid])[pid] else { return nil }
    return Self(second: currentSecond() - vitals.uptime.components.seconds, words: "its process, \(pid), started")
  }
}
