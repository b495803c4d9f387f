import Host
import Network
import QMP
import Reconcile
import SystemPackage

extension StatusView {
  /// One object: `resources` with what is desired, observed, and whether they agree; of VMs that run, how they are doing.
  package var json: String {
    let value: JSON = [
      "format_version": .string(PlanJSON.formatVersion), "resources": .array(rows.map { .object($0.members) }),
    ]
    return "\(value)\n"
  }
}

extension StatusView.Row {
  fileprivate var members: [String: JSON] {
    var members: [String: JSON] = [
      "constellation": .string(constellation), "address": .string("\(address)"), "kind": .string(address.kind),
      "desired": .bool(isDesired), "observed": .bool(isObserved), "agrees": .bool(change == nil),
      "state": .string(state), "health": .string(health),
      "differs_in": .array((change?.reasons ?? pending?.reasons ?? []).map { .string($0.path) }),
    ]
    if let since { members["since"] = .string(timestamp(ofSecond: since)) }
    guard let machine else { return members }
    members["pid"] = .integer(Int64(machine.pid))
    members["manageable"] = .bool(machine.isManageable)
    members["run_state"] = machine.runState.map(JSON.string) ?? .null
    members["image"] = image.map(JSON.string) ?? .null
    members["accelerator"] = facts["accelerator"].map(JSON.string) ?? .null
    members["addresses"] = .array(addresses.map { .string($0) })
    members["cpus"] = facts["cpus"].flatMap { Int64($0) }.map(JSON.integer) ?? .null
    members["memory"] = facts["memory"].map(JSON.string) ?? .null
    members["display"] = (display?.string).map(JSON.string) ?? .null
    guard let vitals else { return members }
    members["uptime_seconds"] = .integer(vitals.uptime.components.seconds)
    members["processor_milliseconds"] = .integer(vitals.processorTime.milliseconds)
    members["resident_bytes"] = .integer(Int64(clamping: vitals.residentMemory.bytes))
    return members
  }
}

extension Duration {
  /// Rounded down.
  fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
