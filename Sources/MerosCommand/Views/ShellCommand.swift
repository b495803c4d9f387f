/// A command as it can be pasted into a shell.
struct ShellCommand {
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  var text: String { words.map(Self.quoted).joined(separator: " ") }

  /// Bare where no shell reads anything into it, else in single quotes.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "%+,-./:=@_".utf8.contains(byte)
      }
    }
    if isPlain && !word.isEmpty { return word }
    // A quote inside: end the quotes, an escaped one, begin again.
    return "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
  }
}
