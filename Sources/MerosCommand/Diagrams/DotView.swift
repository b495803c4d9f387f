import Reconcile

/// A diagram in the language of graphviz.
struct DotView {
  private let diagram: Diagram

  init(_ diagram: Diagram) { self.diagram = diagram }

  var text: String {
    let isNetwork = diagram.subject == .network
    var lines = [
      "digraph \(Self.quoted(diagram.constellation)) {",
      "  graph [rankdir=\(isNetwork ? "TB" : "LR"), bgcolor=\"#ffffff\", fontname=\"Helvetica,Arial,sans-serif\", "
        + "newrank=true, nodesep=0.35, ranksep=0.7]",
      "  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", color=\"#8c959f\", "
        + "fontname=\"Helvetica,Arial,sans-serif\", fontsize=11]",
      "  edge [color=\"#6e7781\", fontcolor=\"#424a53\", fontname=\"Helvetica,Arial,sans-serif\", fontsize=9]",
    ]
    let legend = diagram.legend
    if !legend.isEmpty {
      lines.append("  label=\(Self.quoted(legend.joined(separator: "      ")))")
    }
    for (index, frame) in diagram.frames.enumerated() {
      lines.append("  subgraph \"cluster_\(index)\" {")
      lines.append(
        "    graph [label=\(Self.quoted(frame.label)), style=\"rounded,filled\", fillcolor=\"#fbfcfd\", "
          + "color=\"#d0d7de\"]")
      lines += frame.nodes.map { "    \(node($0))" }
      lines.append("  }")
    }
    lines += diagram.unframed.map { "  \(node($0))" }
    lines += diagram.edges.map { "  \(edge($0))" }
    return (lines + ["}"]).map { "\($0)\n" }.joined()
  }

  private func node(_ node: Diagram.Node) -> String {
    // What becomes of it is told by symbol and colour.
    var attributes = ["label=\(Self.quoted(diagram.lines(of: node).joined(separator: "\n")))"]
    if let shape = node.category.shape { attributes.append("shape=\(shape)") }
    if let fate = node.fate {
      attributes += ["fillcolor=\"\(fate.fill)\"", "color=\"\(fate.stroke)\"", "penwidth=2"]
    } else {
      attributes.append("fillcolor=\"\(node.category.fill)\"")
    }
    return "\(Self.quoted(node.id)) [\(attributes.joined(separator: ", "))]"
  }

  private func edge(_ edge: Diagram.Edge) -> String {
    var attributes: [String] = []
    if !edge.markedLabel.isEmpty { attributes.append("label=\(Self.quoted(edge.markedLabel))") }
    switch edge.kind {
    case .dependency: break
    case .cable: attributes += ["dir=none", "penwidth=2", "color=\"#afb8c1\""]
    case .reach:
      // Ranks come from the cables alone.
      attributes.append("constraint=false")
      if edge.fate == nil { attributes.append(edge.isUsual ? "color=\"#d0d7de\"" : "color=\"#0969da\"") }
    case .forward: attributes += ["constraint=false", "color=\"#8250df\"", "penwidth=2"]
    case .route: attributes += ["constraint=false", "style=dashed"]
    }
    if let fate = edge.fate {
      attributes += ["color=\"\(fate.stroke)\"", "fontcolor=\"\(fate.stroke)\"", "penwidth=2"]
      if fate.code == "delete" { attributes.append("style=dashed") }
    }
    // A cable goes up: what is plugged in stands below.
    let ends = edge.kind.isCable ? (edge.to, edge.from) : (edge.from, edge.to)
    let tail = attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]"
    return "\(Self.quoted(ends.0)) -> \(Self.quoted(ends.1))\(tail)"
  }

  /// A quoted string of the language, in which a line break is `\n`.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(scalar.printable)
      }
    }
    return quoted + "\""
  }
}

extension Diagram.Category {
  fileprivate var shape: String? {
    switch self {
    case .bridge: "box3d"
    case .disk: "cylinder"
    case .host: "house"
    case .world, .addresses: "ellipse"
    case .firewall, .forwarding: "octagon"
    case .kernel, .rootfs, .image: "folder"
    case .key, .tap, .dns: "component"
    case .vm, .other: nil
    }
  }

  fileprivate var fill: String {
    switch self {
    case .vm: "#ddf4ff"
    case .bridge, .tap, .dns: "#dafbe1"
    case .kernel, .rootfs, .image, .disk: "#fff8c5"
    case .host, .world, .addresses: "#eaeef2"
    case .firewall, .forwarding: "#ffebe9"
    case .key, .other: "#f6f8fa"
    }
  }
}

extension Diagram.Fate {
  var fill: String {
    switch self {
    case .change(.create, _): "#aceebb"
    case .change(.update, _): "#fae17d"
    case .change(.replace, _), .change(.delete, _): "#ffcecb"
    case .kept, .pending: "#eaeef2"
    }
  }

  var stroke: String {
    switch self {
    case .change(.create, _): "#1a7f37"
    case .change(.update, _): "#9a6700"
    case .change(.replace, _), .change(.delete, _): "#cf222e"
    case .kept, .pending: "#57606a"
    }
  }
}
