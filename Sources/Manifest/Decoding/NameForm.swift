import Diagnostics
import YAML

/// What a thing may be called.
struct NameForm {
  /// What is called so: "a bridge".
  var noun: String
  /// In bytes.
  var longest: Int
  /// The bytes that a name may have, besides `a-z` and `0-9`.
  var others: String
  var hasCapitals = false
  /// The first byte is a letter.
  var beginsWithLetter = false
  /// Words that mean something else where such a name is expected.
  var taken: [String] = []

  static let constellation = NameForm(noun: "a constellation", longest: 31, others: "-", beginsWithLetter: true)
  /// A host name too (RFC 1123): no `_`.
  static let virtualMachine = NameForm(
    noun: "a virtual machine", longest: 63, others: "-", taken: ["world", "host", "localhost"])
  static let bridge = NameForm(noun: "a bridge", longest: 63, others: "_-", hasCapitals: true)
  static let kernel = NameForm(noun: "a kernel", longest: 63, others: "_.-", hasCapitals: true)
  static let network = NameForm(noun: "a network", longest: 127, others: "_.-", hasCapitals: true)
  static let disk = NameForm(noun: "a disk", longest: 63, others: "_.-", hasCapitals: true)

  /// Reports what is wrong with a name.
  func check(_ name: Located<String>, _ faults: inout Diagnostics) {
    let text = name.value
    let shown = text.utf8.count > 80 ? "\(text.prefix(77))…" : text
    func fault(_ problem: String, _ remedy: String) {
      faults.error("the name \(shown) of \(noun) \(problem)", at: name.location, remedy: remedy)
    }
    guard let first = text.utf8.first, let last = text.utf8.last else {
      faults.error("\(noun) needs a name", at: name.location, remedy: "use at most \(longest) of \(allowed)")
      return
    }
    if text.utf8.count > longest {
      fault("has \(text.utf8.count) characters, more than \(longest)", "choose a shorter one")
    } else if !text.utf8.allSatisfy(isAllowed) {
      fault(
        "has characters other than \(allowed)",
        suggestion(for: text).map { "write \($0)" } ?? "use at most \(longest) of \(allowed)")
    } else if !Self.isAlphanumeric(first) && first != UInt8(ascii: "_") {
      fault("begins with \(text.prefix(1))", "begin with a letter")
    } else if beginsWithLetter, !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) {
      fault("begins with \(text.prefix(1))", "begin with a letter of a-z")
    } else if last == UInt8(ascii: "-") {
      fault("ends with -", "end with a letter or a digit")
    } else if taken.contains(text) {
      fault("means something else in flows", "choose another")
    }
  }

  /// For people.
  private var allowed: String {
    let all = [hasCapitals ? "A-Z" : nil, "a-z", "0-9"].compactMap(\.self) + others.map(String.init)
    return all.dropLast().joined(separator: ", ") + " and " + (all.last ?? "")
  }

  private func isAllowed(_ byte: UInt8) -> Bool {
    if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) { return hasCapitals }
    return Self.isAlphanumeric(byte) || others.utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// The name in small letters and with hyphens, where that is allowed.
  private func suggestion(for text: String) -> String? {
    let name = String(text.lowercased().map { $0 == "_" || $0 == " " || $0 == "." ? "-" : $0 })
    let ends = [name.utf8.first, name.utf8.last].compactMap(\.self)
    return name.utf8.allSatisfy(isAllowed) && ends.allSatisfy(Self.isAlphanumeric) ? name : nil
  }
}
