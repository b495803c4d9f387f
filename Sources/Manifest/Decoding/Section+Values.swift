import Diagnostics
import YAML

extension Section {
  /// nil where the key is not set, and where its value is not of that form, which is reported.
  func value<Value>(_ key: String, _ form: @autoclosure () -> Form<Value>, _ faults: inout Diagnostics) -> Located<
    Value
  >? {
    guard let entry = self[key] else { return nil }
    return form().read(entry.value, of: key, &faults)
  }

  /// Like `value`, but it is a fault when the key is not set.
  func required<Value>(_ key: String, _ form: @autoclosure () -> Form<Value>, _ faults: inout Diagnostics) -> Located<
    Value
  >? {
    guard self[key] != nil else {
      faults.error("\(key) is missing", at: location, remedy: "write \(key): \(form().example)")
      return nil
    }
    return value(key, form(), &faults)
  }

  /// The value, else the usual one at the section's place.
  func value<Value>(
    _ key: String, _ form: @autoclosure () -> Form<Value>, else usual: Value, _ faults: inout Diagnostics
  ) -> Located<Value> {
    value(key, form(), &faults) ?? Located(usual, at: location)
  }

  /// The values of a list that are of that form; empty where the key is not set.
  func list<Value>(_ key: String, _ form: @autoclosure () -> Form<Value>, _ faults: inout Diagnostics) -> [Located<
    Value
  >] {
    let nodes = nodes(key, &faults)
    guard !nodes.isEmpty else { return [] }
    let form = form()
    return nodes.compactMap { form.read($0, of: key, &faults) }
  }

  /// A list, or one value in its place.
  func oneOrMore<Value>(_ key: String, _ form: @autoclosure () -> Form<Value>, _ faults: inout Diagnostics) -> [Located<
    Value
  >] {
    guard let entry = self[key], entry.value.scalar != nil else { return list(key, form(), &faults) }
    return [value(key, form(), &faults)].compactMap(\.self)
  }

  /// The nodes of a list; empty where the key is not set.
  func nodes(_ key: String, _ faults: inout Diagnostics) -> [YAMLNode] {
    guard let entry = self[key] else { return [] }
    guard let nodes = entry.value.sequence else {
      faults.error(
        "\(key) should be a list, not \(entry.value.kindOrText)", at: entry.value.location,
        remedy: "write it in brackets: \(key): [ … ]")
      return []
    }
    return nodes
  }

  /// The entries of a mapping from names; empty where the key is not set.
  func entries(_ key: String, _ faults: inout Diagnostics) -> [YAMLMapping.Entry] {
    guard let entry = self[key] else { return [] }
    guard let mapping = entry.value.mapping else {
      faults.error(
        "\(key) should be a mapping from names, not \(entry.value.kindOrText)", at: entry.value.location,
        remedy: "write each with its name before it: NAME: { … }")
      return []
    }
    return mapping.entries
  }
}

extension Form {
  /// nil where the node is not of this form, which is reported.
  func read(_ node: YAMLNode, of key: String, _ faults: inout Diagnostics) -> Located<Value>? {
    if let scalar = node.scalar, !scalar.isNull, let value = parse(scalar) { return Located(value, at: node.location) }
    faults.error(
      "\(key) should be \(noun), not \(node.kindOrText)", at: node.location, remedy: "write it like \(example)")
    return nil
  }
}
