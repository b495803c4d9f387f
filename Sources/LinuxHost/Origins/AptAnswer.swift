import Host

/// What apt-get says where it would install something.
enum AptAnswer {
  /// The packages in what `--print-uris` prints with `Acquire::ForceHash=SHA256`, lines of "'URI' FILE SIZE SHA256:…", in
  /// the order of their names; nil where a line is another.
  static func packages(in text: String) -> [PlacedPackage]? {
    var packages: [PlacedPackage] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 4, words[3].hasPrefix("SHA256:"), words[1].hasSuffix(".deb") else { return nil }
      let parts = words[1].split(separator: "_")
      guard parts.count == 3 else { return nil }
      let package = LockedPackage(
        name: String(parts[0]), version: String(parts[1].replacing("%3a", with: ":")),
        digest: String(words[3].dropFirst("SHA256:".count)))
      packages.append(
        PlacedPackage(package: package, file: String(words[1]), uri: String(words[0].dropFirst().dropLast())))
    }
    return packages.sorted { $0.package.name < $1.package.name }
  }

  /// The names that it does not know, in the order in which it says so.
  static func unknown(in lines: [String]) -> [String] {
    lines.compactMap { line in
      for beginning in ["E: Unable to locate package ", "E: Couldn't find any package by glob '"]
      where line.hasPrefix(beginning) {
        return String(line.dropFirst(beginning.count).prefix { !"' ".contains($0) })
      }
      guard line.hasPrefix("E: Package '"), line.hasSuffix("' has no installation candidate") else { return nil }
      return String(line.dropFirst("E: Package '".count).prefix { $0 != "'" })
    }.reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }
}
