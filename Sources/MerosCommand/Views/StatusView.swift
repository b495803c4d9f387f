package import Host
package import LinuxHost
import Network
import Reconcile
import Resources
import SystemPackage

/// Every resource that is there or should be, whether the two agree, and how VMs are doing.
package struct StatusView {
  let rows: [Row]
  private let isOne: Bool
  /// In seconds since 1970.
  private let now: Int64

  /// One resource.
  struct Row {
    let constellation: String
    let address: ResourceAddress
    let isDesired: Bool
    let isObserved: Bool
    let isKept: Bool
    let change: Change?
    /// What differs and is to stay so; nil: nothing.
    let pending: Pending?
    /// nil for what is no running VM.
    let machine: ObservedMachine?
    /// nil for what is no running VM.
    let vitals: MachineVitals?
    /// What a VM is to be; nil for what is no VM, or is not wanted.
    let design: MachineDesign?
    /// What the root disk of a VM was made on; nil where that is no image.
    let image: String?
    /// The socket of its display; nil for what is no running VM with one.
    let display: FilePath?
    /// What is there cannot be used.
    let isBroken: Bool
    /// In seconds since 1970; nil where nobody notes it.
    let since: Int64?
  }

  /// - Parameters:
  ///   - vitals: of the QEMUs and name servers that run, by their process ids.
  ///   - now: in seconds since 1970.
  ///   - data: where sockets lie; nil: nobody is told.
  package init(
    _ proposals: [Proposal], vitals: [Int32: MachineVitals] = [:], now: Int64 = 0, data: DataDirectory? = nil
  ) {
    self.now = now
    rows = proposals.flatMap { Self.rows(of: $0, vitals, now, data) }
    isOne = Set(rows.map(\.constellation)).count == 1
  }

  private static func rows(
    of proposal: Proposal, _ vitals: [Int32: MachineVitals], _ now: Int64, _ data: DataDirectory?
  ) -> [Row] {
    let (graph, observation) = (proposal.goal.graph, proposal.observation)
    let changes = [ResourceAddress: Change](proposal.plan.changes.map { ($0.address, $0.change) }) { first, _ in first }
    let kept = Set(proposal.plan.kept.map(\.address))
    let pending = [ResourceAddress: Pending](proposal.plan.pending.map { ($0.address, $0) }) { first, _ in first }
    // The store belongs to no constellation: what of it is not wanted is not ours to list.
    let addresses = Set(graph.resources.keys).union(changes.keys).union(kept)
    return addresses.sorted().map { address in
      let found = observation.resources[address]?.value
      let observed = found as? ObservedVirtualMachine
      let isMachine = address.kind == VirtualMachine.kind
      let root = isMachine ? ResourceAddress(kind: Disk.kind, name: address.name) : nil
      let disk = root.flatMap { observation.resources[$0]?.value as? Disk.Observed }
      return Row(
        constellation: proposal.goal.constellation, address: address, isDesired: graph.resources[address] != nil,
        isObserved: found != nil && !(observed?.isGone ?? false), isKept: kept.contains(address),
        change: changes[address], pending: pending[address], machine: observed?.machine,
        vitals: observed?.machine.flatMap { vitals[$0.pid] },
        design: (graph.resources[address] as? VirtualMachine)?.design, image: disk?.disk.image,
        display: observed?.machine?.hasDisplay == true
          ? data?.display(address.name, of: proposal.goal.constellation) : nil,
        isBroken: (found as? Disk.Observed)?.disk.isBroken ?? false,
        since: Since(of: found, vitals, now: now)?.second)
    }
  }

  package func text(_ paint: Paint) -> String {
    guard !rows.isEmpty else { return "Nothing is there, and nothing should be.\n" }
    let machines = machineTable(paint)
    return resourceTable(paint) + (machines.isEmpty ? "" : "\n\(machines)")
  }

  private func resourceTable(_ paint: Paint) -> String {
    var table = Table(rows: [(isOne ? [] : ["CONSTELLATION"]) + ["RESOURCE", "STATE", "AGE", "DIFFERS IN"]])
    for row in rows {
      let differences = row.isDesired && row.isObserved ? row.differences : ""
      table.rows.append(
        (isOne ? [] : [row.constellation])
          + ["\(row.address)", row.state, age(of: row), differences])
    }
    return table.text(paint, leavesOutEmpty: true) { rows[$0].ink }
  }

  /// How long it is what it is; empty where nobody notes it.
  private func age(of row: Row) -> String { row.since.map { Duration.seconds(max(0, now - $0)).elapsed } ?? "" }

  /// Empty where there is no VM.
  private func machineTable(_ paint: Paint) -> String {
    let rows = rows.filter { $0.machine != nil || $0.design != nil }
    guard !rows.isEmpty else { return "" }
    var table = Table(rows: [
      (isOne ? [] : ["CONSTELLATION"])
        + ["VM", "RUNS", "PID", "UP", "CPU TIME", "CPUS", "MEMORY", "ACCELERATOR", "ADDRESSES", "IMAGE", "DISPLAY"]
    ])
    for row in rows {
      table.rows.append(
        (isOne ? [] : [row.constellation]) + [
          row.address.name, row.health, row.machine.map { "\($0.pid)" } ?? "", row.vitals?.uptime.elapsed ?? "",
          row.vitals?.processorTime.elapsed ?? "", row.facts["cpus"] ?? "", row.memory, row.facts["accelerator"] ?? "",
          row.addresses.joined(separator: " "), row.image ?? "", row.display?.string ?? "",
        ])
    }
    return table.text(paint, leavesOutEmpty: true) { rows[$0].ink }
  }
}

extension ObservedMachine {
  /// It was started with a display.
  var hasDisplay: Bool { attributes["display"] == MachineDesign.Display.vnc.rawValue }
}

extension StatusView.Row {
  /// One word for how it stands to the manifest.
  var state: String {
    if isKept { return "kept" }
    switch pending?.cause {
    case .isShutDown: return "off"
    case .isPaused: return "paused"
    case .manifest, nil: break
    }
    switch (isDesired, isObserved) {
    case (true, true): return change != nil ? "differs" : pending != nil ? "pending" : "ok"
    case (true, false): return change == nil ? "ok" : "missing"
    case (false, _): return "left over"
    }
  }

  /// One word for whether it can be used, whatever the manifest says.
  var health: String {
    guard address.kind == VirtualMachine.kind else { return isBroken ? "broken" : isObserved ? "there" : "absent" }
    guard let machine else { return "off" }
    return machine.isManageable ? machine.runState ?? "unknown" : "unmanageable"
  }

  var differences: String {
    guard let change else { return pending?.words ?? "" }
    let paths = change.reasons.map(\.path)
    let shown = paths.count > 4 ? paths.prefix(3) + ["\(paths.count - 3) more"] : paths[...]
    return shown.isEmpty ? "what it stands on" : shown.joined(separator: ", ")
  }

  /// Of a VM that runs as it is, of another as it is to be.
  var facts: [String: String] { machine?.attributes ?? design?.attributes ?? [:] }

  /// "121M of 512M": what lies in the host's memory, and what the guest may use.
  var memory: String {
    let most = facts["memory"] ?? ""
    guard let resident = vitals?.residentMemory, !most.isEmpty else { return most }
    return "\(resident.mebibytes)M of \(most)"
  }

  /// With the length of their prefix.
  var addresses: [String] {
    facts.filter { $0.key.hasPrefix("networks[") && $0.key.hasSuffix("].ip_addr") }.sorted { $0.key < $1.key }
      .flatMap { $0.value.split(separator: " ").map(String.init) }
  }

  var ink: Paint.Ink? { isKept ? .faint : change == nil ? nil : .careful }
}
