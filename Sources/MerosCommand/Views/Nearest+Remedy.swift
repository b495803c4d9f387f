import Manifest

extension Nearest {
  /// What to do about a name that none has: `did you mean web?`, else the names that there are, else what is said of none.
  static func remedy(for name: String, among names: [String], none: String = "there is none at all") -> String {
    if let nearest = self.name(to: name, among: names) { return "did you mean \(nearest)?" }
    guard !names.isEmpty else { return none }
    let shown = names.count > 12 ? names.prefix(12) + ["\(names.count - 12) more"] : names
    return "there is \(enumerated(Array(shown)))"
  }
}
