import ArgumentParser

/// What is done while another meros is at work.
struct LockOptions: ParsableArguments {
  @Option(
    name: .customLong("lock-timeout"),
    help: ArgumentHelp("How many seconds to wait for another meros at work on the constellation.", valueName: "seconds")
  )
  var seconds = 0

  var timeout: Duration { .seconds(seconds) }

  func validate() throws {
    guard (0...86_400).contains(seconds) else { throw ValidationError("--lock-timeout takes seconds, from 0 to 86400") }
  }
}
