import ArgumentParser

extension Meros {
  /// Runs what the command line of this process says, and ends the process when it fails.
  package static func start() async {
    let arguments = understood(Array(CommandLine.arguments.dropFirst()))
    if let view = unknownCommand(in: arguments) {
      let console = Console.system(isColored: CommonOptions.variable("NO_COLOR") == nil)
      console.tell(view.text(console.diagnosticsPaint))
      exit(withError: ExitCode.validationFailure)
    }
    await main(arguments)
  }

  /// The first word that is no command where one should be; nil where there is none.
  static func unknownCommand(in arguments: [String]) -> UnknownCommandView? {
    var command: any ParsableCommand.Type = self
    var names: [String] = []
    for word in arguments {
      let known = command.configuration.subcommands
      guard !known.isEmpty else { return nil }
      let help = names.isEmpty ? ["help"] : []
      if let view = UnknownCommandView(word, below: names, known: known.flatMap { $0.names } + help) { return view }
      guard let next = known.first(where: { $0.names.contains(word) }) else { return nil }
      command = next
      names.append(word)
    }
    return nil
  }
}

extension ParsableCommand {
  fileprivate static var names: [String] {
    (configuration.commandName.map { [$0] } ?? []) + configuration.aliases
  }
}
