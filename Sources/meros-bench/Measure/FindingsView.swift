/// A case's findings as a table.
struct FindingsView {
  private let title: String
  private let findings: [Finding]

  init(_ title: String, _ findings: [Finding]) {
    self.title = title
    self.findings = findings
  }

  var text: String {
    let head = ["", "meros ms", "peer ms", "ratio", "wanted", "", "n", "peer"]
    let rows = findings.filter { $0.count > 0 }.map { found in
      [
        found.name, found.ours.milliseconds, found.theirs?.milliseconds ?? "", found.ratio, found.wanted, mark(found),
        "\(found.count)", found.peer,
      ]
    }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    let lines = ([head] + rows).map { row in
      zip(row, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return (1...2).contains(column) ? padding + cell.0 : cell.0 + padding
      }.joined(separator: "  ")
    }
    let unmeasured = findings.filter { $0.count == 0 }.map { "\($0.name)  \(mark($0)): \($0.wanted)" }
    return "\(title)\n" + ((rows.isEmpty ? [] : lines) + unmeasured).map { "  \($0)\n" }.joined()
  }

  private func mark(_ found: Finding) -> String {
    switch found.claim {
    case .none: ""
    case .lacking: "NOT MEASURED"
    case .leftOut: "left out"
    case .faster, .within, .below, .alone: found.isMet ? "met" : "MISSED"
    }
  }
}
