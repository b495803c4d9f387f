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
    let nearest = known.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
    let remedy =
      if let nearest, nearest.1 <= max(1, nearest.0.count / 2) { "did you mean meros \(nearest.0)?" } else {
        "there is \(enumerated(known)); meros help shows more"
      }
    return "\(paint("error", .bad)): there is no command \(word)\n  \(paint("do", .bold)): \(remedy)\n"
  }

  /// How many letters must be put in, taken out or changed (Levenshtein).
  private func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8.prefix(64)), Array(b.utf8))
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var previous = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let changed = previous + (letter == other ? 0 : 1)
        previous = row[j + 1]
        row[j + 1] = min(changed, row[j + 1] + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }
}
