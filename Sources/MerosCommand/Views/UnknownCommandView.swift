import Manifest

/// A word where a command should be.
struct UnknownCommandView {
  private let word: String
  private let known: [String]

  /// nil when the word is a command or an option.
  init?(_ word: String, known: [String]) {
    guard !word.hasPrefix("-"), !known.contains(word) else { return nil }
    self.word = word
    self.known = known
  }

  func text(_ paint: Paint) -> String {
    let remedy =
      if let nearest = Nearest.name(to: word, among: known) {
        "did you mean meros \(nearest)?"
      } else {
        "there is \(enumerated(known)); meros help shows more"
      }
    return "\(paint("error", .bad)): there is no command \(word)\n  \(paint("do", .bold)): \(remedy)\n"
  }
}
