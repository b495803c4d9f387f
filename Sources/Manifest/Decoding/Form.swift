import YAML

/// How a value is written.
struct Form<Value: Sendable>: Sendable {
  /// What it is, with its article: "an amount of memory".
  var noun: String
  /// How to write it: "512M, 2G, or a bare number of MiB".
  var example: String
  /// nil where the text is no such value.
  var parse: @Sendable (YAMLScalar) -> Value?
}

extension Form {
  /// A text that another type reads.
  static func read(_ noun: String, like example: String, _ parse: @escaping @Sendable (String) -> Value?) -> Self {
    Form(noun: noun, example: example) { parse($0.text) }
  }
}

extension Form where Value == Bool {
  /// Also as YAML 1.1 has it, as older manifests do.
  static let boolean = Form(noun: "true or false", example: "true") { scalar in
    guard scalar.isPlain else { return nil }
    switch scalar.text {
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
    default: return nil
    }
  }
}

extension Form where Value == Int {
  static func number(_ range: ClosedRange<Int>, _ noun: String = "a number") -> Form {
    Form(noun: "\(noun) from \(range.lowerBound) to \(range.upperBound)", example: "\(range.lowerBound)") { scalar in
      guard scalar.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return Int(scalar.text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension Form where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the words of an enumeration.
  static var word: Form {
    let words = Value.allCases.map(\.rawValue)
    return Form(noun: "one of \(words.joined(separator: ", "))", example: words.first ?? "") {
      Value(rawValue: $0.text)
    }
  }
}
