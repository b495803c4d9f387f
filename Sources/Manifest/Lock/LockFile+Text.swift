package import Diagnostics
import Network
import YAML

extension LockFile {
  /// Raised when a file of this form could be misread by an older meros.
  private static let version = "1"

  /// What the file holds: YAML, so that it is read by the parser that knows the places of faults and may say what it is;
  /// one line for each name, sorted, so that two branches of a repository merge it like any text.
  package var text: String {
    var lines = [
      "# What names of the manifest that may move stood for when meros looked them up. Keep it with the manifest;",
      "# meros plan --update shows what is newer, meros apply --update takes it.",
      "version: \(Self.version)",
    ]
    for section in Section.allCases {
      let keys = keys.filter { $0.section == section }
      if keys.isEmpty { continue }
      lines.append("\(section.rawValue):")
      lines += keys.map { "  \(Self.quoted($0.name)): \(Self.quoted(self[$0] ?? ""))" }
    }
    return lines.map { "\($0)\n" }.joined()
  }

  /// In double quotes, all but plain ASCII escaped: the same in every version of YAML.
  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case " "..."~": String(scalar)
      default: "\\U\(hexadecimal(scalar.value, digits: 8))"
      }
    }
    return "\"\(escaped.joined())\""
  }

  /// Reads the file. Throws all its faults, each with its place.
  /// - Parameter file: how a person would name it.
  package init(_ bytes: [UInt8], file: String) throws(Diagnostics) {
    self.init()
    let root = try YAMLNode.parse(bytes, file: file)
    var faults = Diagnostics()
    guard let mapping = root.mapping, let version = mapping["version"] else {
      throw Diagnostics(
        Diagnostic(
          .error, "\(file) is no lock file: it has no version", at: root.location, remedy: "\(Self.renewal(of: file))"))
    }
    guard version.value.scalar?.text == Self.version else {
      throw Diagnostics(
        Diagnostic(
          .error, "\(file) is a lock file of version \(version.value.kindOrText), and this meros reads \(Self.version)",
          at: version.value.location, remedy: "use the meros that wrote it; or \(Self.renewal(of: file))"))
    }
    for entry in mapping.entries where entry.key != "version" {
      guard let section = Section(rawValue: entry.key) else {
        let known = Section.allCases.map(\.rawValue).joined(separator: ", ")
        faults.error(
          "a lock file has no section \(entry.key)", at: entry.keyLocation,
          remedy: "it has \(known): use the meros that wrote it; or \(Self.renewal(of: file))")
        continue
      }
      read(section, entry, file: file, &faults)
    }
    try faults.throwIfErrors()
  }

  private mutating func read(
    _ section: Section, _ entry: YAMLMapping.Entry, file: String, _ faults: inout Diagnostics
  ) {
    guard !entry.value.isNull else { return }
    guard let names = entry.value.mapping else {
      faults.error(
        "\(section.rawValue) should be a mapping, not \(entry.value.kindOrText)", at: entry.value.location,
        remedy: Self.renewal(of: file))
      return
    }
    for name in names.entries {
      guard let value = name.value.scalar?.text, section.accepts(value) else {
        faults.error(
          "this should be \(section.noun), not \(name.value.kindOrText)", at: name.value.location,
          remedy: "mend it, or take the line out: the next apply looks it up")
        continue
      }
      self[Key(section, name.key)] = value
    }
  }

  private static func renewal(of file: String) -> String {
    "take it from version control, or delete \(file): the next apply looks everything up and writes it anew"
  }
}
