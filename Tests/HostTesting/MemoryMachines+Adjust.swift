package import Host
package import Network

/// Changes of machines that run, each part a deed of its own.
extension MemoryMachines {
  package func release(_ design: MachineDesign) async throws(HostError) {
    let deed = "take devices from vm \(design.name)"
    let (taps, disks) = (Set(design.networks.map(\.tap.text)), Set(design.disks.map(\.name)))
    guard let parts = parts(of: design) else { return }
    for network in parts.networks where !taps.contains(network.tap) {
      try change(design, deed) {
        $0.networks.removeAll { $0.tap == network.tap }
      } room: {
        $0.ports += 1
      }
    }
    for disk in parts.disks where !disks.contains(disk.name) {
      try change(design, deed) {
        $0.disks.removeAll { $0.name == disk.name }
      } room: {
        $0.ports += 1
      }
    }
  }

  package func adjust(_ design: MachineDesign, progress: Progress) async throws(HostError) {
    let deed = "change vm \(design.name) while it runs"
    guard let parts = parts(of: design) else { throw HostError(deed, .missing("vm \(design.name)")) }
    let wanted = MachineParts(design.attributes)
    guard parts.fixed == wanted.fixed else { throw HostError(deed, .unsupported("only a start changes that")) }
    setUnproven(true, design)
    if let memory = wanted.memory, memory != parts.memory {
      try change(design, deed) {
        $0.memory = memory
      } room: {
        $0.memorySlots -= 1
      }
    }
    if wanted.cpus != parts.cpus { try change(design, deed) { $0.cpus = wanted.cpus } }
    for disk in wanted.disks {
      let before = parts.disks.first { $0.name == disk.name }
      if before == disk { continue }
      if before == nil { try await requireDisk(disk.name, design, deed) }
      try change(design, deed) { parts in
        if let place = parts.disks.firstIndex(where: { $0.name == disk.name }) {
          parts.disks[place] = disk
        } else {
          parts.disks.append(disk)
        }
      } room: {
        if before == nil { $0.ports -= 1 }
      }
    }
    for network in wanted.networks where !parts.networks.contains(where: { $0.tap == network.tap }) {
      try await requireTap(network.tap, deed)
      try change(design, deed) {
        $0.networks.append(network)
      } room: {
        $0.ports -= 1
      }
    }
    try faults.check("prove vm \(design.name)")
    setUnproven(false, design)
  }

  package func growDisk(_ name: String, of scope: Scope, to size: ByteCount) async throws(HostError) {
    for machine in try await machines(of: scope) {
      var parts = MachineParts(machine.attributes)
      guard let place = parts.disks.firstIndex(where: { $0.name == name }),
        parts.disks[place].size.map({ $0 < size }) ?? false
      else { continue }
      try faults.check("grow disk \(name)")
      parts.disks[place].size = size
      set(parts, of: machine.name, scope)
    }
  }
}
