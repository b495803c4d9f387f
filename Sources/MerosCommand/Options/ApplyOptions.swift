import ArgumentParser
import Reconcile

/// How changes are made.
struct ApplyOptions: ParsableArguments {
  @Flag(name: [.customLong("auto-approve"), .customShort("y")], help: "Do not ask.")
  var isApproved = false

  @Option(help: ArgumentHelp("How many steps may run at once.", valueName: "n"))
  var parallelism = 10

  @Option(
    name: .customLong("max-disruption"),
    help: ArgumentHelp("Refuse, before anything is done, what costs more than this.", valueName: "class"))
  var maximumDisruption: Disruption?

  @Option(
    name: .customLong("lock-timeout"),
    help: ArgumentHelp("How many seconds to wait for another meros at work on the constellation.", valueName: "seconds")
  )
  var lockTimeoutSeconds = 0

  var lockTimeout: Duration { .seconds(lockTimeoutSeconds) }

  func validate() throws {
    guard parallelism >= 1 else { throw ValidationError("--parallelism takes a number from 1 on") }
    guard (0...86_400).contains(lockTimeoutSeconds) else {
      throw ValidationError("--lock-timeout takes seconds, from 0 to 86400")
    }
  }
}

extension Disruption: ExpressibleByArgument {}
