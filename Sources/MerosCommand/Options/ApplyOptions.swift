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

  @OptionGroup var lock: LockOptions

  var lockTimeout: Duration { lock.timeout }

  func validate() throws {
    guard parallelism >= 1 else { throw ValidationError("--parallelism takes a number from 1 on") }
  }
}

extension Disruption: ExpressibleByArgument {}
