/// Puts colour on words, or leaves them alone.
package struct Paint: Sendable {
  package let isOn: Bool

  package init(isOn: Bool) { self.isOn = isOn }

  /// Colours by what they say; the raw value is the parameter of "select graphic rendition" (ECMA-48).
  enum Ink: Int {
    case bold = 1
    case faint = 2
    case bad = 31
    case good = 32
    case careful = 33
  }

  func callAsFunction(_ text: String, _ ink: Ink) -> String {
    isOn ? "\u{1b}[\(ink.rawValue)m\(text)\u{1b}[0m" : text
  }
}
