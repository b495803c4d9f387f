import SystemPackage

/// A script in a mount namespace of its own: what it mounts goes with it.
struct Shell {
  let script: String
  let arguments: [String]
  /// Receives what it says.
  let output: FilePath

  init(_ script: String, _ arguments: [String], output: FilePath) {
    self.script = script
    self.arguments = arguments
    self.output = output
  }

  func run() throws {
    try Child.run(
      ["unshare", "--mount", "--propagation", "private", "sh", "-eu", "-c", script, "sh"] + arguments, output: output)
  }
}
