import Host

extension InstalledPackage {
  /// What is installed by dpkg's `status`, in the order of the names.
  static func all(inDpkgStatus text: String) -> [InstalledPackage] {
    paragraphs(text, separator: ": ").compactMap { fields -> InstalledPackage? in
      guard fields["Status"]?.hasSuffix(" installed") == true, let name = fields["Package"],
        let version = fields["Version"]
      else { return nil }
      // "glibc (2.36-9)" where the versions differ.
      let source = fields["Source"]?.split(separator: " ").first.map(String.init) ?? name
      return InstalledPackage(
        name: name, version: version, architecture: fields["Architecture"] ?? "all", source: source, kind: .deb)
    }.sorted
  }

  /// What is installed by apk's `installed`, in the order of the names.
  static func all(inAPKDatabase text: String) -> [InstalledPackage] {
    paragraphs(text, separator: ":").compactMap { fields -> InstalledPackage? in
      guard let name = fields["P"], let version = fields["V"] else { return nil }
      return InstalledPackage(
        name: name, version: version, architecture: fields["A"] ?? "noarch", source: fields["o"] ?? name,
        license: fields["L"], kind: .apk)
    }.sorted
  }

  /// Fields by their names, of which the first counts; what is folded into further lines is left out.
  private static func paragraphs(_ text: String, separator: String) -> [[String: String]] {
    var all: [[String: String]] = []
    var fields: [String: String] = [:]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        if !fields.isEmpty { all.append(fields) }
        fields = [:]
      } else if !line.hasPrefix(" "), let range = line.firstRange(of: separator) {
        let name = String(line[..<range.lowerBound])
        if fields[name] == nil { fields[name] = String(line[range.upperBound...]) }
      }
    }
    if !fields.isEmpty { all.append(fields) }
    return all
  }
}

extension [InstalledPackage] {
  fileprivate var sorted: [InstalledPackage] { sorted { ($0.name, $0.architecture) < ($1.name, $1.architecture) } }
}
