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
      for key in keys {
        guard let packages = self[packages: key] else {
          lines.append("  \(Self.quoted(key.name)): \(Self.quoted(self[key] ?? ""))")
          continue
        }
        lines.append("  \(Self.quoted(key.name)):\(packages.isEmpty ? " {}" : "")")
        lines += packages.sorted { $0.key < $1.key }.map { "    \(Self.quoted($0.key)): \(Self.quoted($0.value))" }
      }
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
    guard section != .packages else {
      readPackages(names, file: file, &faults)
      return
    }
    for name in names.entries {
      guard let value = Self.value(of: name, in: section, &faults) else { continue }
      self[Key(section, name.key)] = value
    }
  }

  private mutating func readPackages(_ groups: YAMLMapping, file: String, _ faults: inout Diagnostics) {
    for group in groups.entries {
      guard let names = group.value.mapping else {
        faults.error(
          "this should be packages with their versions, not \(group.value.kindOrText)", at: group.value.location,
          remedy: "take \(group.key) out: the next apply looks its packages up")
        continue
      }
      var packages: [String: String] = [:]
      for name in names.entries {
        guard isPackageName(name.key) else {
          faults.error(
            "\(name.key) is no name of a package", at: name.keyLocation,
            remedy: "take \(group.key) out: the next apply looks its packages up")
          continue
        }
        packages[name.key] = Self.value(of: name, in: .packages, &faults)
      }
      self[packages: Key(.packages, group.key)] = packages
    }
  }

  /// nil where it is none, which is a fault then.
  private static func value(
    of name: YAMLMapping.Entry, in section: Section, _ faults: inout Diagnostics
  ) -> String? {
    if let value = name.value.scalar?.text, section.accepts(value) { return value }
    let part = section == .packages ? "take what it belongs to out" : "take the line out"
    faults.error(
      "this should be \(section.noun), not \(name.value.kindOrText)", at: name.value.location,
      remedy: "mend it, or \(part): the next apply looks it up")
    return nil
  }

  private static func renewal(of file: String) -> String {
    "take it from version control, or delete \(file): the next apply looks everything up and writes it anew"
  }
}

extension LockFile {
  /// Where the file says what the name stands for; nil where it does not.
  package static func place(of key: Key, in bytes: [UInt8], file: String) -> SourceLocation? {
    // A file that cannot be read has no places; likewise below.
    let names = (try? YAMLNode.parse(bytes, file: file))?.mapping?[key.section.rawValue]?.value.mapping
    return names?[key.name]?.keyLocation
  }

  /// Where the file says this of a package for the first time; nil where it does not.
  package static func place(of package: String, _ value: String, in bytes: [UInt8], file: String) -> SourceLocation? {
    let groups = (try? YAMLNode.parse(bytes, file: file))?.mapping?[Section.packages.rawValue]?.value.mapping
    for group in groups?.entries ?? [] {
      if let entry = group.value.mapping?[package], entry.value.scalar?.text == value { return entry.keyLocation }
    }
    return nil
  }
}
