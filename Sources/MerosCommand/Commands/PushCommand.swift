import ArgumentParser

struct PushCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "push",
    abstract: "Copy files and trees to a VM; of what is there already, only what has changed.",
    discussion: """
      REMOTE comes last, with a colon in front, relative to root's home; without one it is the folder mos-shared there. \
      It is the folder that things go into, made where it is missing; only a single file takes it as its new name, \
      unless it is a folder or ends in a slash. rsync does it, scp where either side has none; the exit code is theirs.

      Examples:
        meros push lab web notes.txt
        meros push lab web site :/srv
        meros push lab web nginx.conf :/etc/nginx/nginx.conf
        meros push lab web a b 'c d' :~/inbox/
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("The VM.", valueName: "vm"), completion: .machines)
  var machine: String
  @Argument(help: "Files and folders here, then perhaps :REMOTE.", completion: .file())
  var paths: [String]
  @OptionGroup var common: CommonOptions

  func validate() throws { _ = try copy() }

  func run() async throws {
    let invocation = Invocation(common)
    let copy = try copy()
    try await invocation.leave { () async throws(CommandFailure) in
      try await invocation.carryOut(copy, "push", with: machine, of: constellation)
    }
  }

  private func copy() throws(ValidationError) -> Copy {
    guard let copy = Copy(push: paths) else {
      throw ValidationError("push takes what is here, and last :REMOTE; a file whose name has a colon first is ./:NAME")
    }
    return copy
  }
}
