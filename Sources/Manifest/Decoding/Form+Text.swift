extension Form where Value == String {
  /// One line that is not empty, without control characters.
  static func line(_ noun: String, like example: String) -> Form {
    .read(noun, like: example) { isLine($0) ? $0 : nil }
  }

  /// A line that programs are given as an argument: it does not begin with `-`, which they would take for an option.
  static func argument(_ noun: String, like example: String) -> Form {
    .read(noun, like: example) { isLine($0) && !$0.hasPrefix("-") ? $0 : nil }
  }

  /// An argument without spaces.
  static func word(_ noun: String, like example: String) -> Form {
    .read(noun, like: example) { isLine($0) && !$0.hasPrefix("-") && !$0.contains(" ") ? $0 : nil }
  }

  /// Letters, digits and the bytes of `others`, not beginning with `-`.
  static func identifier(_ noun: String, like example: String, others: String) -> Form {
    .read(noun, like: example) { text in
      let fits = text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: others.utf8.contains(byte)
        }
      }
      return fits && !text.isEmpty && !text.hasPrefix("-") ? text : nil
    }
  }

  /// An absolute path without `.`, `..` and white space, not the root itself.
  static let mountPoint = Form.read("an absolute path below /", like: "/srv") { text in
    let parts = text.split(separator: "/")
    guard isLine(text), text.hasPrefix("/"), !parts.isEmpty, !parts.contains("."), !parts.contains(".."),
      !text.contains(" ")
    else { return nil }
    return "/" + parts.joined(separator: "/")
  }

  /// A public key as `authorized_keys` has it.
  static let publicKey = Form.read("a public key in one line", like: "ssh-ed25519 AAAA… name") { text in
    guard isLine(text), text.split(separator: " ").count >= 2, !text.hasPrefix("-"), !text.hasPrefix("#") else {
      return nil
    }
    return text
  }

  private static func isLine(_ text: String) -> Bool {
    // Nearly every text is ASCII, and categories are slow.
    if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return !text.isEmpty }
    return text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }
}
