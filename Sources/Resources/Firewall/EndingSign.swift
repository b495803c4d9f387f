import Network

/// Says in the tables themselves that connections may stand which they would not let begin. It comes in the transaction
/// that narrows them and goes when those connections are ended: whoever is interrupted in between leaves it behind, and
/// the next plan ends them.
enum EndingSign {
  static let element = SetElement(.number(1), comment: "connections to be ended")

  static func isIn(_ tables: some Sequence<Table>) -> Bool {
    tables.contains { $0.sets[InetSetName.ending]?.elements.contains { $0.key == element.key } ?? false }
  }

  /// The tables with it.
  static func put(in tables: [Table]) -> [Table] {
    tables.map { table in
      var table = table
      table.sets[InetSetName.ending]?.elements.insert(element)
      return table
    }
  }
}
