package import ArgumentParser

extension Meros: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "meros",
    abstract: "Make what runs on this host what a constellation says, and show every change before it is made.",
    discussion: """
      A constellation is a directory with a constellation.yml: virtual machines, the bridges between them, and what may \
      pass. It is named by its directory, its manifest, or a bare name below ./constellations or ./examples.

      Examples:
        meros validate lab              look for mistakes
        meros plan lab                  show what would be done
        meros apply lab                 do it, after asking
        meros build lab                 make its disks and start nothing
        meros destroy lab               take it all away, but data disks

      Exit codes: 0 done or nothing to do, 1 failure, 2 plan --detailed-exitcode found changes, 64 usage.
      """,
    version: merosVersion,
    subcommands: [DoctorCommand.self, CompletionsCommand.self, ManualCommand.self, VersionCommand.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Constellations",
        subcommands: [
          PlanCommand.self, ApplyCommand.self, BuildCommand.self, DestroyCommand.self, StatusCommand.self,
          EventsCommand.self, WhyCommand.self,
        ]),
      CommandGroup(
        name: "Manifests",
        subcommands: [
          NewCommand.self, ValidateCommand.self, ReachCommand.self, GraphCommand.self, SchemaCommand.self,
        ]),
      CommandGroup(
        name: "Access",
        subcommands: [
          ConnectCommand.self, RunCommand.self, PushCommand.self, PullCommand.self, SSHConfigCommand.self,
          ConsoleCommand.self, LogsCommand.self,
        ]),
      CommandGroup(name: "Store", subcommands: [KernelBuildCommand.self, ImagesCommand.self, CollectCommand.self]),
      CommandGroup(
        name: "Power",
        subcommands: [
          StartCommand.self, ShutdownCommand.self, RestartCommand.self, PauseCommand.self, ResumeCommand.self,
          SnapshotCommand.self,
        ]),
    ])
}
