import Manifest

/// A word where a command should be.
struct UnknownCommandView {
  private let word: String
  /// The commands before it.
  private let parents: [String]
  private let known: [String]

  /// nil when the word is a command or an option.
  init?(_ word: String, below parents: [String] = [], known: [String]) {
    guard !word.hasPrefix("-"), !known.contains(word) else { return nil }
    self.word = word
    self.parents = parents
    self.known = known
  }

  func text(_ paint: Paint) -> String {
    let remedy =
      if let nearest = Nearest.name(to: word, among: known) {
        "did you mean \((["meros"] + parents + [nearest]).joined(separator: " "))?"
      } else {
        "there is \(enumerated(known)); meros help shows more"
      }
    return
      "\(paint("error", .bad)): there is no command \((parents + [word]).joined(separator: " "))\n  \(paint("do", .bold)): \(remedy)\n"
  }
}
