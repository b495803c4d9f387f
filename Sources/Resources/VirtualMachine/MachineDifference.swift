import Host
import Network
import Reconcile

/// What a running machine is and should be, and whether it can become so while it runs.
struct MachineDifference: Equatable {
  /// Sorted.
  private(set) var reasons: [Reason] = []
  /// QEMU and the guest can take all of it.
  private(set) var isLive: Bool
  /// Networks or disks go.
  private(set) var takesAway = false

  private let room: ObservedMachine.Room

  init(from machine: ObservedMachine, to design: MachineDesign) {
    room = machine.room ?? ObservedMachine.Room(memory: ByteCount(bytes: 0), memorySlots: 0, cpus: 0, ports: 0)
    isLive = design.takesChanges && machine.isManageable && machine.runState == "running" && machine.room != nil
    // A machine whose command line could not be read is compared by nothing; its monitor tells enough.
    guard !machine.attributes.isEmpty else { return }
    let (before, after) = (MachineParts(machine.attributes), MachineParts(design.attributes))
    restart(Reason.differences(from: before.fixed, to: after.fixed))
    compareMemory(before, after)
    compareProcessors(before, after)
    compareDisks(before, after)
    compareNetworks(before, after)
    countPorts(before, after)
    // Somebody must be reached to prove it, by a way that was there before.
    let kept = Set(before.networks.map(\.tap))
    isLive = isLive && design.networks.contains { kept.contains($0.tap.text) && !$0.addresses.isEmpty }
    if machine.isUnproven { reasons.append(Reason("guest", before: "unproven", after: "proven")) }
    reasons.sort()
  }

  private mutating func restart(_ found: [Reason]) {
    reasons += found
    if !found.isEmpty { isLive = false }
  }

  private mutating func compareMemory(_ before: MachineParts, _ after: MachineParts) {
    guard before.memory != after.memory else { return }
    reasons.append(
      Reason("memory", before: before.memory.map { "\($0)" }, after: after.memory.map { "\($0)" }))
    guard let old = before.memory, let new = after.memory, new > old, new <= room.memory, room.memorySlots > 0,
      (new.bytes - old.bytes) % MachineDesign.memoryStep.bytes == 0
    else {
      isLive = false
      return
    }
  }

  private mutating func compareProcessors(_ before: MachineParts, _ after: MachineParts) {
    guard before.cpus != after.cpus else { return }
    reasons.append(Reason("cpus", before: before.cpus.map { "\($0)" }, after: after.cpus.map { "\($0)" }))
    guard let old = before.cpus, let new = after.cpus, new > old, new <= room.cpus else {
      isLive = false
      return
    }
  }

  private mutating func compareDisks(_ before: MachineParts, _ after: MachineParts) {
    for (index, old) in before.disks.enumerated() {
      let path = "disks[\(index)]"
      guard let place = after.disks.firstIndex(where: { $0.name == old.name }) else {
        reasons.append(Reason(path, before: old.name + old.mount, after: nil))
        takesAway = true
        if index == 0 { isLive = false }
        continue
      }
      let new = after.disks[place]
      if new.mount != old.mount || (place == 0) != (index == 0) {
        restart([Reason("disks[\(place)]", before: old.name + old.mount, after: new.name + new.mount)])
      }
      if new.format != old.format {
        restart([
          Reason("disks[\(place)].format", before: old.format.rawValue, after: new.format.rawValue)
        ])
      }
      if let size = new.size, size != old.size {
        reasons.append(Reason("disks[\(place)].size", before: old.size.map { "\($0)" }, after: "\(size)"))
        if index == 0 || old.size.map({ size < $0 }) ?? true { isLive = false }
      }
    }
    for (index, new) in after.disks.enumerated() where !before.disks.contains(where: { $0.name == new.name }) {
      reasons.append(Reason("disks[\(index)]", before: nil, after: new.name + new.mount))
      if index == 0 { isLive = false }
    }
  }

  private mutating func compareNetworks(_ before: MachineParts, _ after: MachineParts) {
    for (index, old) in before.networks.enumerated() {
      guard let place = after.networks.firstIndex(where: { $0.tap == old.tap }) else {
        reasons.append(Reason("networks[\(index)].tap", before: old.tap, after: nil))
        takesAway = true
        continue
      }
      let settings = Reason.differences(from: old.settings, to: after.networks[place].settings)
      restart(settings.map { Reason("networks[\(place)].\($0.path)", before: $0.before, after: $0.after) })
    }
    for (index, new) in after.networks.enumerated() where !before.networks.contains(where: { $0.tap == new.tap }) {
      reasons.append(Reason("networks[\(index)].tap", before: nil, after: new.tap))
      reasons += new.settings.map { Reason("networks[\(index)].\($0.key)", before: nil, after: $0.value) }
    }
  }

  /// What goes leaves its port to what comes.
  private mutating func countPorts(_ before: MachineParts, _ after: MachineParts) {
    let grown = after.disks.count + after.networks.count - before.disks.count - before.networks.count
    if grown > room.ports { isLive = false }
  }
}
