/// A diagram in the language of Mermaid, which GitHub, GitLab and many editors draw.
struct MermaidView {
  private let diagram: Diagram
  /// Names of nodes are not words of the language; their places are.
  private let places: [String: Int]

  init(_ diagram: Diagram) {
    self.diagram = diagram
    places = [String: Int](diagram.nodes.enumerated().map { ($1.id, $0) }) { first, _ in first }
  }

  var text: String {
    var lines = ["flowchart \(diagram.subject == .network ? "TB" : "LR")"]
    if !diagram.legend.isEmpty { lines.append("  %% \(diagram.legend.joined(separator: ", "))") }
    for (index, frame) in diagram.frames.enumerated() {
      lines.append("  subgraph g\(index) [\(Self.quoted(frame.label))]")
      lines += frame.nodes.map { "    \(node($0))" }
      lines.append("  end")
    }
    lines += diagram.unframed.map { "  \(node($0))" }
    lines += diagram.edges.compactMap(edge).map { "  \($0)" }
    for fate in diagram.fates {
      let members = diagram.nodes.filter { $0.fate?.code == fate.code }.compactMap { places[$0.id] }
      guard !members.isEmpty else { continue }
      lines.append(
        "  classDef \(fate.className) fill:\(fate.fill),stroke:\(fate.stroke),stroke-width:2px,color:#1f2328")
      lines.append("  class \(members.map { "n\($0)" }.joined(separator: ",")) \(fate.className)")
    }
    return lines.map { "\($0)\n" }.joined()
  }

  private func node(_ node: Diagram.Node) -> String {
    let label = Self.quoted(diagram.lines(of: node).joined(separator: "\n"))
    let (open, close) = node.category.brackets
    return "n\(places[node.id] ?? 0)\(open)\(label)\(close)"
  }

  private func edge(_ edge: Diagram.Edge) -> String? {
    guard let from = places[edge.from], let to = places[edge.to] else { return nil }
    let label = edge.markedLabel.isEmpty ? "" : "|\(Self.quoted(edge.markedLabel))|"
    return switch edge.kind {
    case .dependency: "n\(from) -->\(label) n\(to)"
    // A cable goes up: what is plugged in stands below.
    case .cable: "n\(to) ---\(label) n\(from)"
    case .reach: "n\(from) -.->\(label) n\(to)"
    case .forward: "n\(from) ==>\(label) n\(to)"
    case .route: "n\(from) -.-o\(label) n\(to)"
    }
  }

  /// Text that nothing of is a word of the language, or of HTML.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": quoted += "<br/>"
      case "\"", "#", "&", "<", ">", "`", "\\", "|", ";", "%": quoted += "#\(scalar.value);"
      default: quoted.unicodeScalars.append(scalar.printable)
      }
    }
    return quoted + "\""
  }
}

extension Diagram.Category {
  fileprivate var brackets: (String, String) {
    switch self {
    case .disk: ("[(", ")]")
    case .bridge: ("[[", "]]")
    case .world, .addresses, .host: ("([", "])")
    case .firewall, .forwarding: ("{{", "}}")
    case .kernel, .rootfs, .image, .key, .tap, .dns, .vm, .other: ("[", "]")
    }
  }
}

extension Diagram.Fate {
  /// `create` and the like may be words of the language one day.
  fileprivate var className: String { "plan-\(code)" }
}
