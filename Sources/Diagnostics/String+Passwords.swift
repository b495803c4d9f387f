extension String {
  /// Without the passwords in its URLs: `https://user:***@host/`.
  package var hidingPasswords: String { replacingPasswords { _ in "***" } }

  /// Likewise with as many characters as before, so that columns stay columns.
  package var maskingPasswords: String { replacingPasswords { String(repeating: "*", count: $0) } }

  /// - Parameter replacement: for a password of so many characters, in Unicode scalars.
  private func replacingPasswords(_ replacement: (Int) -> String) -> String {
    guard utf8.contains(UInt8(ascii: "@")), utf8.contains(UInt8(ascii: ":")) else { return self }
    var text = unicodeScalars
    var place = text.startIndex
    while let start = text.endOfScheme(from: place) {
      let end = text[start...].firstIndex { $0.endsAuthority } ?? text.endIndex
      place = end
      guard let at = text[start..<end].lastIndex(of: "@"), let colon = text[start..<at].firstIndex(of: ":") else {
        continue
      }
      let password = text.index(after: colon)..<at
      let rest = text.distance(from: end, to: text.endIndex)
      text.replaceSubrange(password, with: replacement(text.distance(from: colon, to: at) - 1).unicodeScalars)
      place = text.index(text.endIndex, offsetBy: -rest)
    }
    return String(text)
  }
}

extension String.UnicodeScalarView {
  /// Behind the next `://`; nil where there is none.
  fileprivate func endOfScheme(from start: Index) -> Index? {
    var place = start
    while let colon = self[place...].firstIndex(of: ":") {
      let rest = self[index(after: colon)...].prefix(2)
      if rest.count == 2 && rest.allSatisfy({ $0 == "/" }) { return rest.endIndex }
      place = index(after: colon)
    }
    return nil
  }
}

extension Unicode.Scalar {
  /// What stands behind user, password and host of a URL, in a text too.
  fileprivate var endsAuthority: Bool {
    switch self {
    case "/", "?", "#", "\"", "'", "<", ">", " ", "\t", "\n", "\r": true
    default: false
    }
  }
}
