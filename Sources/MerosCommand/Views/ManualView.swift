import QMP

/// The manual page, in mdoc: what the argument parser knows of every command, and what it does not know besides.
struct ManualView {
  /// As `--experimental-dump-help` writes it.
  private let tool: JSON
  private let version: String

  init(_ tool: JSON, version: String) {
    self.tool = tool
    self.version = version
  }

  var text: String {
    let command = tool["command"] ?? .null
    let groups = command.list("subcommands").filter { $0["commandName"]?.string != "help" }
    var lines = [
      #".\" meros man writes this page."#, ".Dd $Mdocdate$", ".Dt MEROS 8", ".Os", ".Sh NAME", ".Nm meros",
      ".Nd declarative groups of virtual machines", ".Sh SYNOPSIS", ".Nm", ".Ar command", ".Op Ar argument ...",
      ".Op Ar option ...", ".Nm", ".Cm help", ".Ar command", ".Sh DESCRIPTION",
    ]
    lines += Self.prose(command["abstract"]?.string ?? "") + [".Pp"] + Self.prose(command["discussion"]?.string ?? "")
    lines += [".Sh COMMANDS"] + groups.flatMap(Self.command)
    lines += [".Sh COMMON OPTIONS", "Every command takes these.", ".Bl -tag -width Ds"]
    lines += groups.first.map { $0.list("arguments").filter(Self.isCommon).flatMap(Self.argument) } ?? []
    lines += [".El"] + Self.ending
    return lines.map { "\($0)\n" }.joined()
  }

  private static func command(_ command: JSON) -> [String] {
    let name = command["commandName"]?.string ?? ""
    let arguments = command.list("arguments")
    var lines = [".Ss \(name)", ".Nm", ".Cm \(name)"] + arguments.filter { !isCommon($0) }.map(synopsis)
    lines += [".Pp"] + prose(command["abstract"]?.string ?? "")
    let aliases = command.list("aliases").compactMap(\.string)
    if !aliases.isEmpty { lines.append("Older name: \(escaped(aliases.joined(separator: ", "))).") }
    if let discussion = command["discussion"]?.string { lines += [".Pp"] + prose(discussion) }
    let own = arguments.filter { !isCommon($0) && $0["abstract"]?.string != nil }
    guard !own.isEmpty else { return lines }
    return lines + [".Bl -tag -width Ds"] + own.flatMap(argument) + [".El"]
  }

  private static let common: Set<String> = ["data-dir", "netns", "json", "no-color", "verbose", "version", "help"]

  private static func isCommon(_ argument: JSON) -> Bool {
    argument["kind"]?.string != "positional" && common.contains(argument["preferredName"]?["name"]?.string ?? "")
  }

  private static func synopsis(_ argument: JSON) -> String {
    let words = words(argument)
    let more = argument["isRepeating"] == .bool(true) ? " ..." : ""
    return argument["isOptional"] == .bool(true) ? ".Op \(words)\(more)" : ".\(words)\(more)"
  }

  /// `Fl -target Ar address`
  private static func words(_ argument: JSON) -> String {
    let value = "Ar \(escaped(argument["valueName"]?.string ?? "value"))"
    guard argument["kind"]?.string != "positional" else { return value }
    let name = argument["preferredName"].map(flag) ?? ""
    return argument["kind"]?.string == "flag" ? "Fl \(name)" : "Fl \(name) \(value)"
  }

  private static func flag(_ name: JSON) -> String {
    let word = escaped(name["name"]?.string ?? "")
    return name["kind"]?.string == "short" ? word : "-\(word)"
  }

  private static func argument(_ argument: JSON) -> [String] {
    let names = argument.list("names").map { "Fl \(flag($0))" }
    let isFlag = argument["kind"]?.string == "flag"
    let title =
      names.isEmpty
      ? words(argument)
      : names.joined(separator: " , ") + (isFlag ? "" : " Ar \(escaped(argument["valueName"]?.string ?? "value"))")
    var lines = [".It \(title)"] + prose(argument["abstract"]?.string ?? "")
    let values = argument.list("allValues").compactMap(\.string)
    if !values.isEmpty { lines.append("One of \(escaped(values.joined(separator: ", "))).") }
    if let usual = argument["defaultValue"]?.string { lines.append("Without it: \(escaped(usual)).") }
    return lines
  }

  /// Paragraphs, and lines that are indented as they are.
  private static func prose(_ text: String) -> [String] {
    var lines: [String] = []
    var isLiteral = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isIndented = line.hasPrefix("  ")
      if isIndented != isLiteral {
        if isIndented, lines.last == ".Pp" { lines.removeLast() }
        lines.append(isIndented ? ".Bd -literal -offset indent" : ".Ed")
        isLiteral = isIndented
      }
      if line.isEmpty {
        if !lines.isEmpty, lines.last != ".Pp" { lines.append(".Pp") }
      } else if isIndented {
        lines.append(escaped(String(line.dropFirst(2))))
      } else {
        // A sentence begins a line, and none is longer than editors show.
        lines += sentences(line).flatMap(wrapped).map(escaped)
      }
    }
    if isLiteral { lines.append(".Ed") }
    while lines.last == ".Pp" { lines.removeLast() }
    return lines
  }

  private static func wrapped(_ sentence: String) -> [String] {
    var lines = [""]
    for word in sentence.split(separator: " ") {
      if let last = lines.last, last.utf8.count + word.utf8.count > 72, !last.isEmpty { lines.append("") }
      lines[lines.count - 1] += (lines.last?.isEmpty ?? true ? "" : " ") + word
    }
    return lines
  }

  private static func sentences(_ line: Substring) -> [String] {
    var sentences: [String] = []
    var rest = line
    while let end = rest.firstRange(of: ". ") {
      sentences.append(String(rest[..<end.lowerBound]) + ".")
      rest = rest[end.upperBound...]
    }
    return sentences + (rest.isEmpty ? [] : [String(rest)])
  }

  /// Nothing in it is a word of roff.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\e"
      case "…": escaped += "..."
      case "'" where escaped.isEmpty, "." where escaped.isEmpty: escaped += "\\&\(scalar)"
      case "-": escaped += "\\-"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static let ending = [
    ".Sh ENVIRONMENT", ".Bl -tag -width Ds",
    ".It Ev MEROS_DATA", "Where everything is kept that meros makes, for", ".Fl -data-dir .",
    ".It Ev MEROS_NETNS", "The network namespace, for", ".Fl -netns .",
    ".It Ev NO_COLOR", "When it is set and not empty, nothing is coloured.",
    ".It Ev TERM", "Nothing is coloured when it is", ".Dq dumb .",
    ".It Ev PATH", "Where programs are looked for, before the folders of system programs.", ".El",
    ".Sh FILES", ".Bl -tag -width Ds",
    ".It Pa constellation.yml", "The manifest, also", ".Pa manifest.yml .",
    ".It Pa constellation.lock", "What names that may move stand for; belongs into version control.",
    ".It Pa constellations/ , examples/", "Where a bare name is looked up.",
    ".It Pa data/store", "What was built; only", ".Cm gc", "removes from it.",
    ".It Pa data/disks", "The disks of virtual machines, with a mark beside each.",
    ".It Pa data/keys", "Keys for logging in, and the pinned host keys.",
    ".It Pa data/logs", "What builds and machines said.",
    ".It Pa /run/lock/meros", "Locks, one for each constellation and network namespace.", ".El",
    ".Sh EXIT STATUS", ".Bl -tag -width Ds",
    ".It 0", "Done, or nothing to do.", ".It 1", "Failure; faults of a manifest too.", ".It 2", ".Cm plan",
    ".Fl -detailed-exitcode", "found changes.", ".It 64", "Wrong usage.", ".El",
    ".Pp", ".Cm connect , run , push", "and", ".Cm pull", "end with the exit code of what they run.",
    ".Sh EXAMPLES", "Three machines on two bridges, and away with them:",
    ".Bd -literal -offset indent", "meros plan quickstart", "meros apply quickstart", "meros status quickstart",
    "meros connect quickstart web", "meros destroy quickstart", ".Ed",
    ".Sh SEE ALSO", ".Xr qemu-system-x86_64 1 ,", ".Xr ssh 1 ,", ".Xr ip-netns 8 ,", ".Xr nft 8",
  ]
}

extension JSON {
  /// The elements of a member that is an array; empty for anything else.
  fileprivate func list(_ key: String) -> [JSON] {
    if case .array(let elements) = self[key] { elements } else { [] }
  }
}
