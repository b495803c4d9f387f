import Host
import QMP
import Reconcile
import Resources

/// Every resource that is there or should be, and whether the two agree.
package struct StatusView {
  private let rows: [Row]

  private struct Row {
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
  }

  package init(_ proposals: [Proposal]) {
    rows = proposals.flatMap { proposal in
      let (graph, observation) = (proposal.goal.graph, proposal.observation)
      let changes = [ResourceAddress: Change](proposal.plan.changes.map { ($0.address, $0.change) }) { first, _ in first
      }
      let kept = Set(proposal.plan.kept.map(\.address))
      let pending = [ResourceAddress: Pending](proposal.plan.pending.map { ($0.address, $0) }) { first, _ in first }
      // The store belongs to no constellation: what of it is not wanted is not ours to list.
      let addresses = Set(graph.resources.keys).union(changes.keys).union(kept)
      return addresses.sorted().map { address in
        let machine = observation.resources[address]?.value as? ObservedVirtualMachine
        return Row(
          constellation: proposal.goal.constellation, address: address, isDesired: graph.resources[address] != nil,
          isObserved: observation.resources[address] != nil && !(machine?.isGone ?? false),
          isKept: kept.contains(address), change: changes[address], pending: pending[address], machine: machine?.machine
        )
      }
    }
  }

  package func text(_ paint: Paint) -> String {
    guard !rows.isEmpty else { return "Nothing is there, and nothing should be.\n" }
    let isOne = Set(rows.map(\.constellation)).count == 1
    var table = [["RESOURCE", "STATE", "PID", "RUNS", "DIFFERS IN"]]
    if !isOne { table[0].insert("CONSTELLATION", at: 0) }
    table += rows.map { row in
      let cells = [
        "\(row.address)", word(row), row.machine.map { "\($0.pid)" } ?? "", row.machine.map(runs) ?? "",
        row.isDesired && row.isObserved ? differences(row) : "",
      ]
      return isOne ? cells : [row.constellation] + cells
    }
    // A column in which nothing stands is left out.
    let columns = table[0].indices.filter { column in table.dropFirst().contains { !$0[column].isEmpty } }
    let widths = columns.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.enumerated().map { index, cells in
      let line = zip(columns, widths).map { column, width in
        cells[column] + String(repeating: " ", count: width - cells[column].count)
      }.joined(separator: "  ")
      let trimmed = String(line.reversed().drop { $0 == " " }.reversed())
      return "\(index == 0 ? paint(trimmed, .bold) : colored(trimmed, rows[index - 1], paint))\n"
    }.joined()
  }

  /// One object: `resources` with what is desired, observed, and whether they agree.
  package var json: String {
    let resources = rows.map { row -> JSON in
      var members: [String: JSON] = [
        "constellation": .string(row.constellation), "address": .string("\(row.address)"),
        "kind": .string(row.address.kind), "desired": .bool(row.isDesired), "observed": .bool(row.isObserved),
        "agrees": .bool(row.change == nil), "state": .string(word(row)),
        "differs_in": .array((row.change?.reasons ?? row.pending?.reasons ?? []).map { .string($0.path) }),
      ]
      if let machine = row.machine {
        members["pid"] = .integer(Int64(machine.pid))
        members["manageable"] = .bool(machine.isManageable)
        members["run_state"] = machine.runState.map(JSON.string) ?? .null
      }
      return .object(members)
    }
    let value: JSON = ["format_version": .string(PlanJSON.formatVersion), "resources": .array(resources)]
    return "\(value)\n"
  }

  private func word(_ row: Row) -> String {
    if row.isKept { return "kept" }
    switch row.pending?.cause {
    case .isShutDown: return "off"
    case .isPaused: return "paused"
    case .manifest, nil: break
    }
    switch (row.isDesired, row.isObserved) {
    case (true, true): return row.change != nil ? "differs" : row.pending != nil ? "pending" : "ok"
    case (true, false): return row.change == nil ? "ok" : "missing"
    case (false, _): return "left over"
    }
  }

  private func differences(_ row: Row) -> String {
    guard let change = row.change else { return row.pending?.words ?? "" }
    let paths = change.reasons.map(\.path)
    let shown = paths.count > 4 ? paths.prefix(3) + ["\(paths.count - 3) more"] : paths[...]
    return shown.isEmpty ? "what it stands on" : shown.joined(separator: ", ")
  }

  private func runs(_ machine: ObservedMachine) -> String {
    machine.isManageable ? machine.runState ?? "unknown" : "unmanageable"
  }

  private func colored(_ line: String, _ row: Row, _ paint: Paint) -> String {
    row.isKept ? paint(line, .faint) : row.change == nil ? line : paint(line, .careful)
  }
}
