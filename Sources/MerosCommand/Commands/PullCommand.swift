import ArgumentParser

struct PullCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Copy files and trees from a VM; of what is here already, only what has changed.",
    discussion: """
      REMOTE is relative to root's home and may have a colon in front; patterns are the VM's. Of several paths the last \
      one is LOCAL, unless it has a colon in front; without LOCAL it is the folder ./mos-shared. LOCAL is the folder \
      that things go into, made where it is missing; only a single file takes it as its new name, unless it is a folder \
      or ends in a slash. rsync does it, scp where either side has none; the exit code is theirs.

      Examples:
        meros pull lab web /var/log/syslog
        meros pull lab web '/var/log/*.log' logs/
        meros pull lab web /etc/nginx/nginx.conf nginx.conf
        meros pull lab web :mos-shared/a :mos-shared/b
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("The VM.", valueName: "vm"), completion: .machines)
  var machine: String
  @Argument(help: "Files and folders of the VM, then perhaps LOCAL.")
  var paths: [String]
  @OptionGroup var common: CommonOptions

  func validate() throws { _ = try copy() }

  func run() async throws {
    let invocation = Invocation(common)
    let copy = try copy()
    try await invocation.leave { () async throws(CommandFailure) in
      try await invocation.carryOut(copy, "pull", with: machine, of: constellation)
    }
  }

  private func copy() throws(ValidationError) -> Copy {
    guard let copy = Copy(pull: paths) else { throw ValidationError("pull takes paths that are not empty") }
    return copy
  }
}
