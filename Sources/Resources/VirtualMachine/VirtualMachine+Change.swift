import Host
package import Reconcile

extension VirtualMachine {
  package static func change(
    _ name: String, from: ObservedVirtualMachine?, to: VirtualMachine?, under circumstances: Circumstances
  ) -> Change? {
    switch (from?.machine, to) {
    case (nil, nil):
      guard let from, from.hasLogs else { return nil }
      return Change(.delete, disruption: .none, tearDown: [RemoveMachineTraces(name: name, scope: from.scope)])
    case (let machine?, nil):
      guard let scope = from?.scope else { return nil }
      return Change(
        .delete, reasons: Reason.differences(from: machine.attributes, to: [:]), disruption: .restart,
        tearDown: [StopMachine(name: name, scope: scope), RemoveMachineTraces(name: name, scope: scope)])
    case (nil, let desired?): return desired.change(fromRest: from?.power, circumstances.request)
    case (let machine?, let desired?): return desired.change(from: machine, from?.power, circumstances)
    }
  }

  /// Whoever shut it down or let it stand still is not gainsaid.
  package static func pending(
    _ name: String, from observed: ObservedVirtualMachine, to desired: VirtualMachine
  ) -> Pending? {
    if observed.machine == nil, observed.power == .off {
      return Pending(desired.address, [Reason("power", before: "off", after: "on")], cause: .isShutDown)
    }
    guard observed.machine?.runState == "paused" else { return nil }
    return Pending(desired.address, [Reason("state", before: "paused", after: "running")], cause: .isPaused)
  }

  /// - Parameter power: what the mark says; nil where there is no root disk yet.
  private func change(fromRest power: PowerState?, _ request: PowerRequest?) -> Change? {
    switch request {
    case .shutdown:
      guard power == .on else { return nil }
      return Change(.update, reasons: [Reason("power", before: "on", after: "off")], disruption: .none, setUp: [rest])
    case .pause, .resume: return nil
    case nil where power == .off: return nil
    case nil, .start, .restart:
      guard power == .off else {
        return Change(
          .create, reasons: Reason.differences(from: [:], to: design.attributes), disruption: .none, setUp: start,
          obstacle: obstacle)
      }
      return Change(
        .update, reasons: [Reason("power", before: "off", after: "on")], disruption: .none, setUp: [wake] + start,
        obstacle: obstacle)
    }
  }

  private func change(
    from machine: ObservedMachine, _ power: PowerState?, _ circumstances: Circumstances
  ) -> Change? {
    var stop = StopMachine(name: name, scope: design.scope)
    var reasons: [Reason] = []
    switch circumstances.request {
    case .pause:
      guard machine.runState == "running" else { return nil }
      return Change(
        .update, reasons: [Reason("state", before: "running", after: "paused")], disruption: .reload,
        setUp: [PauseMachine(name: name, scope: design.scope)])
    case .resume:
      guard machine.runState == "paused" else { return nil }
      return Change(
        .update, reasons: [Reason("state", before: "paused", after: "running")], disruption: .live,
        setUp: [ResumeMachine(name: name, scope: design.scope)])
    case .shutdown(let grace):
      stop.grace = grace
      return shutDown(stop, power)
    case nil where power == .off: return shutDown(stop, power)
    case .restart(let grace):
      stop.grace = grace
      reasons.append(Reason("requested", before: nil, after: "restart"))
    case nil, .start: break
    }
    let marked = power == .off
    let difference = MachineDifference(from: machine, to: design)
    let renewed = reasonsToRestart(machine, circumstances)
    if reasons.isEmpty, renewed.isEmpty, difference.isLive, !difference.reasons.isEmpty {
      return Change(
        .update, reasons: difference.reasons, disruption: .live,
        tearDown: difference.takesAway ? [ReleaseDevices(design: design)] : [],
        setUp: (marked ? [wake] : []) + [AdjustMachine(design: design)])
    }
    reasons += difference.reasons + renewed
    guard !reasons.isEmpty else {
      // It was to be shut down, and nobody did it yet.
      guard marked else { return nil }
      return Change(.update, reasons: [Reason("power", before: "off", after: "on")], disruption: .live, setUp: [wake])
    }
    return Change(
      .update, reasons: reasons.sorted(), disruption: .restart, tearDown: [stop],
      setUp: (marked ? [wake] : []) + start, obstacle: obstacle)
  }

  /// The mark first: what is interrupted here is finished by the next apply.
  private func shutDown(_ stop: StopMachine, _ power: PowerState?) -> Change {
    Change(
      .update, reasons: [Reason("power", before: "on", after: "off")], disruption: .restart,
      tearDown: (power == .on ? [rest] : []) + [stop])
  }

  /// What a running QEMU cannot take over of what is made anew: everything but a tap, a kernel that is built again from the
  /// same inputs, and other VMs; and that it cannot go on.
  private func reasonsToRestart(_ machine: ObservedMachine, _ circumstances: Circumstances) -> [Reason] {
    var reasons: [Reason] = []
    if !machine.isManageable { reasons.append(Reason("monitor", before: "lost", after: "answers")) }
    if let state = machine.runState, !Self.statesToLeave.contains(state) {
      reasons.append(Reason("state", before: state, after: "running"))
    }
    let renewed = circumstances.replaced.intersection(dependencies)
    for address in renewed where Self.restartingKinds.contains(address.kind) && !Self.isNew(address, to: machine) {
      reasons.append(Reason("\(address)", before: "in use", after: "renewed"))
    }
    return reasons
  }

  /// A disk that the machine is yet to get is a reason of its own.
  private static func isNew(_ address: ResourceAddress, to machine: ObservedMachine) -> Bool {
    guard address.kind == "disk", let disks = machine.disks else { return false }
    return !disks.contains(address.name)
  }

  /// The guest runs, is about to, or was halted by a person who has a use for it.
  private static let statesToLeave: Set<String> = [
    "running", "paused", "suspended", "prelaunch", "debug", "save-vm", "restore-vm", "inmigrate", "postmigrate",
  ]
  private static let restartingKinds: Set<String> = ["disk", "key"]

  /// To starting it.
  private var obstacle: Change.Obstacle? { missingPrograms.isEmpty ? nil : .missingPrograms(missingPrograms) }

  private var start: [any Action] { [StartMachine(design: design), AwaitMachine(design: design)] }
  private var rest: any Action { SetPower(power: .off, name: name, scope: design.scope) }
  private var wake: any Action { SetPower(power: .on, name: name, scope: design.scope) }
}
