import ArgumentParser
import Glibc
import SystemPackage

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .customLong("data-dir"),
    help: ArgumentHelp("Where everything is kept that meros makes (MEROS_DATA, else ./data).", valueName: "dir"))
  var dataDirectory: String?

  @Option(
    name: .customLong("netns"),
    help: ArgumentHelp(
      "The network namespace that bridges, taps, rules and VMs live in (MEROS_NETNS, else this one).",
      valueName: "name"))
  var networkNamespace: String?

  @Flag(help: "Write JSON, for programs.")
  var json = false

  @Flag(name: .customLong("no-color"), help: "Write no colours (NO_COLOR); without a terminal there are none anyway.")
  var noColor = false

  @Flag(name: .shortAndLong, help: "Say on stderr what is done and how long it takes.")
  var verbose = false

  /// As it was written, or what the environment says, or `data`.
  var dataPath: FilePath { FilePath(dataDirectory ?? Self.variable("MEROS_DATA") ?? "data") }

  /// nil: that of this process.
  var namespaceName: String? { networkNamespace ?? Self.variable("MEROS_NETNS") }

  func console() -> Console {
    let isPlain = noColor || Self.variable("NO_COLOR") != nil || Self.variable("TERM") == "dumb"
    return Console.system(isColored: !isPlain && !json)
  }

  /// nil for a variable that is not set, or empty.
  static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
