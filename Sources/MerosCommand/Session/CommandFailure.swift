import Diagnostics
import Host
import LinuxHost
import Netlink

/// What keeps a command from doing what it was asked for.
enum CommandFailure: Error {
  case diagnostics(Diagnostics)
  case host(HostError)
  case networkNamespace(String, NamespaceError)
  case lock(ConstellationLock.Failure)
  /// The verb lacks these.
  case privileges([Privileges.Need], verb: String)
  case unreadablePlan(file: String, SavedPlan.ReadError)
  case stalePlan(file: String, [Movement])
  /// Of the constellation, as a person named it.
  case snapshot(SnapshotFailure, of: String)
}
