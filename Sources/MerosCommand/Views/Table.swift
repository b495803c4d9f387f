/// Cells in columns, the first row its head.
struct Table {
  var rows: [[String]]

  func text(_ paint: Paint) -> String {
    let columns = rows.first?.indices ?? 0..<0
    let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.enumerated().map { index, row in
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      let line = String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
      return "\(index == 0 ? paint(line, .bold) : line)\n"
    }.joined()
  }
}
