import Diagnostics
import Host
import LinuxHost

/// What keeps a command from doing what it was asked for.
enum CommandFailure: Error {
  case diagnostics(Diagnostics)
  case host(HostError)
  case lock(ConstellationLock.Failure)
  /// The verb lacks these.
  case privileges([Privileges.Need], verb: String)
  case unreadablePlan(file: String, SavedPlan.ReadError)
  case stalePlan(file: String, [Movement])
}
