/// Every power over the machine, one protocol each. A function that was not handed a `Host` cannot touch it.
package struct Host: Sendable {
  package var links: any Links
  package var packetFilter: any PacketFilter
  package var forwarding: any Forwarding
  package var store: any Store
  package var disks: any Disks
  package var keys: any Keys
  package var machines: any Machines
  package var snapshots: any Snapshots
  package var nameservers: any Nameservers
  package var limits: any Limits
  package var sockets: any Sockets
  package var inputs: any InputFiles
  package var origins: any Origins
  package var toolchains: any Toolchains
  package var emulators: any Emulators
  /// Where long deeds say how far they are.
  package var progress: Progress

  package init(
    links: any Links, packetFilter: any PacketFilter, forwarding: any Forwarding, store: any Store, disks: any Disks,
    keys: any Keys, machines: any Machines, snapshots: any Snapshots, nameservers: any Nameservers,
    limits: any Limits, sockets: any Sockets, inputs: any InputFiles, origins: any Origins, toolchains: any Toolchains,
    emulators: any Emulators, progress: Progress = .silent
  ) {
    self.links = links
    self.packetFilter = packetFilter
    self.forwarding = forwarding
    self.store = store
    self.disks = disks
    self.keys = keys
    self.machines = machines
    self.snapshots = snapshots
    self.nameservers = nameservers
    self.limits = limits
    self.sockets = sockets
    self.inputs = inputs
    self.origins = origins
    self.toolchains = toolchains
    self.emulators = emulators
    self.progress = progress
  }
}
