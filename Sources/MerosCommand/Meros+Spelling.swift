import ArgumentParser

extension Meros {
  /// How the verbs were spelt in the earlier Python tool.
  private static let olderSpellings = ["--connect": "connect", "-c": "connect", "--run": "run"]

  /// The options of `run` that take a value.
  static let optionsOfRun: Set<String> = [
    "--compress", "--video", "--drm-node", "--remote-node", "--data-dir", "--netns",
  ]

  /// The arguments as they are parsed: a verb in its older spelling is replaced, and in front of the application of `run`
  /// stands `--`, so that its options are its own.
  static func understood(_ arguments: [String]) -> [String] {
    guard let first = arguments.first else { return [] }
    let arguments = [olderSpellings[first] ?? first] + arguments.dropFirst()
    guard arguments[0] == RunCommand.configuration.commandName else { return arguments }
    var positions = 0
    var index = 1
    while index < arguments.count {
      let word = arguments[index]
      if word == "--" { break }
      if !word.hasPrefix("-") {
        positions += 1
        if positions == 3 { return arguments[..<index] + ["--"] + arguments[index...] }
      }
      index += optionsOfRun.contains(word) ? 2 : 1
    }
    return arguments
  }
}
