import ArgumentParser

extension Meros {
  /// Runs what the command line of this process says, and ends the process when it fails.
  package static func start() async {
    let arguments = understood(Array(CommandLine.arguments.dropFirst()))
    if let word = arguments.first, let view = UnknownCommandView(word, known: commandNames) {
      let console = Console.system(isColored: CommonOptions.variable("NO_COLOR") == nil)
      console.tell(view.text(console.diagnosticsPaint))
      exit(withError: ExitCode.validationFailure)
    }
    await main(arguments)
  }

  private static var commandNames: [String] {
    configuration.subcommands.flatMap { command in
      (command.configuration.commandName.map { [$0] } ?? []) + command.configuration.aliases
    } + ["help"]
  }
}
