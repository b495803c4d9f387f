import QMP

/// A diagram for programs, and for the page that draws it.
struct DiagramJSON {
  private let diagram: Diagram

  init(_ diagram: Diagram) { self.diagram = diagram }

  var text: String { "\(value)\n" }

  var value: JSON {
    [
      "format_version": .string(PlanJSON.formatVersion),
      "constellation": .string(diagram.constellation),
      "subject": .string(diagram.subject.rawValue),
      "shows_plan": .bool(diagram.showsPlan),
      "legend": .array(
        diagram.fates.map { fate in
          ["symbol": .string(fate.symbol), "fate": .string(fate.code), "meaning": .string(fate.meaning)]
        }),
      "groups": .array(
        diagram.groups.map { group in
          ["id": .string(group.id), "label": .string(group.label), "head": group.head.map(JSON.string) ?? .null]
        }),
      "nodes": .array(
        diagram.nodes.map { node in
          [
            "id": .string(node.id), "label": .string(node.label), "category": .string(node.category.rawValue),
            "facts": .array(node.facts.map(JSON.string)), "plan": .array(node.plan.map(JSON.string)),
            "group": node.group.map(JSON.string) ?? .null,
            "machine": node.machine.map(JSON.string) ?? .null, "symbol": node.fate.map { .string($0.symbol) } ?? .null,
            "fate": node.fate.map { .string($0.code) } ?? .null,
          ]
        }),
      "edges": .array(
        diagram.edges.map { edge in
          [
            "from": .string(edge.from), "to": .string(edge.to), "kind": .string(edge.kind.rawValue),
            "label": .string(edge.label), "symbol": edge.fate.map { .string($0.symbol) } ?? .null,
            "fate": edge.fate.map { .string($0.code) } ?? .null, "usual": .bool(edge.isUsual),
          ]
        }),
    ]
  }
}
