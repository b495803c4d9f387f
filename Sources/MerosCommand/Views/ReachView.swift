import Network
import QMP
import Reachability

/// Who may start what to whom: a table, or one object.
struct ReachView {
  private let matrix: ReachabilityMatrix

  init(_ matrix: ReachabilityMatrix) { self.matrix = matrix }

  func text(_ paint: Paint) -> String {
    guard !matrix.lines.isEmpty else {
      let why = matrix.obstacle.map { ": kept back by \($0)" } ?? ""
      return "Nothing passes\(why)\n"
    }
    let rows =
      [["FROM", "TO", "MAY START"]]
      + matrix.lines.map { line in
        let what = line.access.text(line.families)
        return [
          line.from.map(\.description).joined(separator: ", "), line.to.map(\.description).joined(separator: ", "),
          line.doubt.map { "\(what), perhaps: \($0)" } ?? what,
        ]
      }
    let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.enumerated().map { index, row in
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      let text = (cells + [row[2]]).joined(separator: "  ")
      return "\(index == 0 ? paint(text, .bold) : text)\n"
    }.joined()
  }

  var json: String {
    let value: JSON = [
      "format_version": .string(PlanJSON.formatVersion),
      "reachability": .array(matrix.lines.map { .object(ReachabilityJSON.line($0)) }),
      "obstacle": matrix.obstacle.map { .string("\($0)") } ?? .null,
    ]
    return "\(value)\n"
  }
}
