/// A text that is the same for equal values in every run: dictionaries and sets in the order of their texts, everything
/// else as its parts are declared. For digests; nobody reads it back.
///
/// Values are told apart by their parts alone, so it holds for structs, enums, tuples, collections and what is made of
/// them, not for objects.
package func canonicalText(of value: Any) -> String {
  var text = ""
  write(value, to: &text)
  return text
}

private func write(_ value: Any, to text: inout String) {
  if let string = value as? String { return write(string: string, to: &text) }
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .dictionary?:
    write(
      mirror.children.map { pair in
        let parts = Mirror(reflecting: pair.value).children.map { canonicalText(of: $0.value) }
        return parts.joined(separator: ":")
      }.sorted(), in: ("{", "}"), to: &text)
  case .set?: write(mirror.children.map { canonicalText(of: $0.value) }.sorted(), in: ("<", ">"), to: &text)
  case .collection?: write(mirror.children.map { canonicalText(of: $0.value) }, in: ("[", "]"), to: &text)
  case .optional?:
    guard let wrapped = mirror.children.first else {
      text += "nil"
      return
    }
    text += "?"
    write(wrapped.value, to: &text)
  case .enum?:
    guard let payload = mirror.children.first else {
      text += ".\(value)"
      return
    }
    text += ".\(payload.label ?? "")"
    write([canonicalText(of: payload.value)], in: ("(", ")"), to: &text)
  default:
    // A number, a character: what has no parts describes itself.
    guard !mirror.children.isEmpty else {
      text += "\(value)"
      return
    }
    write(
      mirror.children.map { part in
        let label = part.label.map { "\($0)=" } ?? ""
        return label + canonicalText(of: part.value)
      }, in: ("(", ")"), to: &text)
  }
}

private func write(_ parts: [String], in ends: (String, String), to text: inout String) {
  text += ends.0
  text += parts.joined(separator: ",")
  text += ends.1
}

/// In quotes, so that no text can be taken for the end of one.
private func write(string: String, to text: inout String) {
  text += "\""
  for scalar in string.unicodeScalars {
    if scalar == "\"" || scalar == "\\" { text += "\\" }
    text.unicodeScalars.append(scalar)
  }
  text += "\""
}
