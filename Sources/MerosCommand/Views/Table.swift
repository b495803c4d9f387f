/// Cells in columns, the first row its head.
struct Table {
  var rows: [[String]]

  /// - Parameters:
  ///   - leavesOutEmpty: a column in which nothing stands below its head is left out.
  ///   - ink: how the row of this number is drawn, the first below the head being 0.
  func text(_ paint: Paint, leavesOutEmpty: Bool = false, ink: (Int) -> Paint.Ink? = { _ in nil }) -> String {
    let columns = (rows.first?.indices ?? 0..<0).filter { column in
      !leavesOutEmpty || rows.dropFirst().contains { !$0[column].isEmpty }
    }
    let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.enumerated().map { index, row in
      let cells = zip(columns, widths).map { row[$0] + String(repeating: " ", count: $1 - row[$0].count) }
      let line = String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
      let drawn = index == 0 ? .bold : ink(index - 1)
      return "\(drawn.map { paint(line, $0) } ?? line)\n"
    }.joined()
  }
}
