import Diagnostics
import Testing
import YAML

/// The tree of a text.
func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) throws(Diagnostics) -> YAMLNode {
  try YAMLNode.parse(Array(text.utf8), file: "f.yml", limits: limits)
}

/// What is wrong with a text: "line:column summary" each; empty when nothing is.
func faults(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) -> [String] {
  do throws(Diagnostics) {
    _ = try YAMLNode.parse(bytes, file: "f.yml", limits: limits)
    return []
  } catch {
    return error.all.map { "\($0.location.map { "\($0.line):\($0.column)" } ?? "-") \($0.summary)" }
  }
}

func faults(_ text: String, limits: YAMLLimits = YAMLLimits()) -> [String] {
  faults(Array(text.utf8), limits: limits)
}

extension YAMLNode {
  /// The tree in one line, quoted scalars in quotes.
  var shown: String {
    switch content {
    case .scalar(let scalar): scalar.isPlain ? scalar.text : "'\(scalar.text)'"
    case .sequence(let nodes): "[" + nodes.map(\.shown).joined(separator: ", ") + "]"
    case .mapping(let mapping):
      "{" + mapping.entries.map { "\($0.key): \($0.value.shown)" }.joined(separator: ", ") + "}"
    }
  }
}
