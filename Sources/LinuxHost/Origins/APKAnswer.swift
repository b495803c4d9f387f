/// What apk says where it would install something.
enum APKAnswer {
  /// Name and version of each package that is not there in this version, in what `apk add --simulate` prints: lines of
  /// "(1/3) Installing NAME (VERSION)", "(2/3) Upgrading NAME (VERSION -> VERSION)"; what would go is left out.
  static func installed(in lines: [String]) -> [(name: String, version: String)] {
    lines.compactMap { line in
      guard line.hasPrefix("("), let end = line.firstIndex(of: ")") else { return nil }
      let words = line[end...].dropFirst().split(separator: " ")
      guard words.count >= 3, words[0] != "Purging", let last = words.last, last.hasSuffix(")") else { return nil }
      // Of a repository with a tag: "NAME@TAG".
      let name = words[1].prefix { $0 != "@" }
      return (String(name), String(last.dropLast().drop { $0 == "(" }))
    }
  }

  /// What was asked for and is not known, as it was asked for, in the order in which apk says so: lines of
  /// "  NAME (no such package):" and below "    required by: world[WORD]". What packages ask for is none of it.
  static func unknown(in lines: [String]) -> [String] {
    zip(lines, lines.dropFirst()).compactMap { line, next in
      guard line.hasSuffix(" (no such package):"), let range = next.firstRange(of: "required by: ") else { return nil }
      let askers = next[range.upperBound...].split(separator: " ")
      guard let word = askers.first(where: { $0.hasPrefix("world[") }) else { return nil }
      return String(word.dropFirst("world[".count).prefix { $0 != "]" })
    }
  }
}
