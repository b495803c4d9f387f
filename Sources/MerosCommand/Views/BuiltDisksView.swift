import Host
import LinuxHost
import Reconcile
import Resources

/// Where the root disks lie that were built.
struct BuiltDisksView {
  /// The names of the VMs.
  var machines: [String]
  var constellation: String
  var data: DataDirectory

  /// Empty without any.
  var text: String {
    guard !machines.isEmpty else { return "" }
    return "Root disks:\n" + machines.map { "  \(data.disk($0, of: constellation))\n" }.joined()
  }
}
