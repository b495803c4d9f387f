import QMP

/// What `new` wrote, and what comes next.
struct NewView {
  private let directory: String

  init(_ directory: String) { self.directory = directory }

  private var manifest: String { "\(directory)/\(ConstellationPath.manifestNames[0])" }

  var text: String {
    """
    Written: \(manifest)

    Read it and change what you like, then:
      \(ShellCommand(["meros", "plan", directory]).text)     shows what would be done
      \(ShellCommand(["meros", "apply", directory]).text)    does it, after asking

    """
  }

  var json: String {
    let value: JSON = ["format_version": .string(PlanJSON.formatVersion), "manifest": .string(manifest)]
    return "\(value)\n"
  }
}
