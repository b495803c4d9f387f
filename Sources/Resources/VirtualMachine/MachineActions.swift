import Host
import Reconcile

struct StartMachine: Action {
  var design: MachineDesign

  func perform(on host: Host) async throws(HostError) { try await host.machines.start(design) }

  var description: String { "start vm \(design.name)" }
}

struct AwaitMachine: Action {
  var design: MachineDesign

  func perform(on host: Host) async throws(HostError) {
    try await host.machines.awaitReady(design, progress: host.progress)
  }

  var description: String { "wait until vm \(design.name) is ready" }
}

struct StopMachine: Action {
  var name: String
  var scope: Scope
  /// For the guest to power down by itself: a guest on TCG among many takes its time, and what it has not written by
  /// then is lost.
  var grace = Duration.seconds(60)

  func perform(on host: Host) async throws(HostError) { try await host.machines.stop(name, of: scope, grace: grace) }

  var description: String { "stop vm \(name)" }
}

struct RemoveMachineTraces: Action {
  var name: String
  var scope: Scope

  func perform(on host: Host) async throws(HostError) { try await host.machines.removeTraces(name, of: scope) }

  var description: String { "remove the logs of vm \(name)" }
}

struct PauseMachine: Action {
  var name: String
  var scope: Scope

  func perform(on host: Host) async throws(HostError) { try await host.machines.pause(name, of: scope) }

  var description: String { "pause vm \(name)" }
}

struct ResumeMachine: Action {
  var name: String
  var scope: Scope

  func perform(on host: Host) async throws(HostError) { try await host.machines.resume(name, of: scope) }

  var description: String { "resume vm \(name)" }
}

/// Notes beside the root disk of a VM whether it is meant to run.
struct SetPower: Action {
  var power: PowerState
  var name: String
  var scope: Scope

  func perform(on host: Host) async throws(HostError) { try await host.disks.setPower(power, name, of: scope) }

  var description: String { "note that vm \(name) is \(power.rawValue)" }
}

/// Takes from a machine that goes on running what it is no longer to have.
struct ReleaseDevices: Action {
  var design: MachineDesign

  func perform(on host: Host) async throws(HostError) { try await host.machines.release(design) }

  var description: String { "take from vm \(design.name) what it is not to have" }
}

/// Gives a machine that goes on running what it is to have.
struct AdjustMachine: Action {
  var design: MachineDesign

  func perform(on host: Host) async throws(HostError) {
    try await host.machines.adjust(design, progress: host.progress)
  }

  var description: String { "change vm \(design.name) while it runs" }
}
