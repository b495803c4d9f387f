/// What a waypipe says of itself.
struct WaypipeEdition: Equatable, Sendable {
  /// "0.8.4"
  var version: String
  /// nil: it does not tell.
  var features: Set<String>?

  init(version: String, features: Set<String>?) {
    self.version = version
    self.features = features
  }

  /// - Parameter lines: what `waypipe --version` writes. Features stand in one line, `features: lz4 zstd`, or, since
  ///   0.10, one in a line with what became of it: `  lz4: true`.
  init?(_ lines: [String]) {
    guard let words = lines.first(where: { $0.hasPrefix("waypipe ") })?.split(separator: " "), words.count > 1 else {
      return nil
    }
    version = String(words[1])
    guard let begin = lines.firstIndex(where: { $0.hasPrefix("features:") }) else { return }
    var features = Set(lines[begin].dropFirst("features:".count).split(separator: " ").map(String.init))
    for line in lines[(begin + 1)...] where line.hasPrefix(" ") && line.hasSuffix(": true") {
      features.formUnion(line.split(whereSeparator: { " :".contains($0) }).prefix(1).map(String.init))
    }
    self.features = features
  }

  /// Those of `wanted` that it was built without.
  func lacks(_ wanted: [String]) -> [String] {
    guard let features else { return [] }
    return wanted.filter { !features.contains($0) }
  }
}
