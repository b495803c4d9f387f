import ArgumentParser

/// How long a guest may take to power down.
struct GraceOptions: ParsableArguments {
  @Option(
    name: .customLong("timeout"),
    help: ArgumentHelp("How many seconds a guest has to power down by itself before it is ended.", valueName: "seconds")
  )
  var seconds = 60

  var duration: Duration { .seconds(seconds) }

  func validate() throws {
    guard (0...86_400).contains(seconds) else { throw ValidationError("--timeout takes seconds, from 0 to 86400") }
  }
}
