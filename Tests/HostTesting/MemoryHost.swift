package import Host
package import Network

/// A whole machine in memory: every power keeps its state, and all share one plan of faults.
package struct MemoryHost: Sendable {
  package let faults: FaultPlan
  package let links: MemoryLinks
  package let packetFilter: MemoryPacketFilter
  package let forwarding: MemoryForwarding
  package let store: MemoryStore
  package let disks: MemoryDisks
  package let keys: MemoryKeys
  package let machines: MemoryMachines
  package let snapshots: MemorySnapshots
  package let nameservers: MemoryNameservers
  package let limits: MemoryLimits
  package let sockets: MemorySockets
  package let inputs: MemoryInputFiles
  package let origins: MemoryOrigins
  package let toolchains: MemoryToolchains
  package let emulators: MemoryEmulators

  package init(
    links others: [Link] = [], tables: [Table] = [], listeners: Set<Listener> = [],
    connections: [TrackedConnection] = [], inputs: MemoryInputFiles = MemoryInputFiles(),
    origins: MemoryOrigins = MemoryOrigins(), toolchains: MemoryToolchains = MemoryToolchains(),
    emulators: MemoryEmulators = MemoryEmulators(), controllers: Set<String> = ["cpu", "memory", "io"]
  ) {
    faults = FaultPlan()
    sockets = MemorySockets(listeners, connections: connections, faults: faults)
    links = MemoryLinks(others, faults: faults)
    packetFilter = MemoryPacketFilter(tables, faults: faults)
    forwarding = MemoryForwarding(faults: faults)
    store = MemoryStore(faults: faults)
    disks = MemoryDisks(store: store, faults: faults)
    keys = MemoryKeys(faults: faults)
    machines = MemoryMachines(links: links, disks: disks, faults: faults)
    snapshots = MemorySnapshots(machines: machines, disks: disks, faults: faults)
    nameservers = MemoryNameservers(links: links, faults: faults)
    limits = MemoryLimits(offering: controllers, faults: faults)
    self.inputs = inputs
    self.origins = origins
    self.toolchains = toolchains
    self.emulators = emulators
  }

  package var host: Host {
    Host(
      links: links, packetFilter: packetFilter, forwarding: forwarding, store: store, disks: disks, keys: keys,
      machines: machines, snapshots: snapshots, nameservers: nameservers, limits: limits, sockets: sockets,
      inputs: inputs, origins: origins, toolchains: toolchains, emulators: emulators)
  }
}
