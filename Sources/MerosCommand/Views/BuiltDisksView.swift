import Host
import LinuxHost
import Reconcile
import Resources

/// Where the root disks lie that were built.
struct BuiltDisksView {
  var disks: [DiskDesign]
  var data: DataDirectory

  /// Empty without any.
  var text: String {
    guard !disks.isEmpty else { return "" }
    let paths = disks.map { data.disk($0.name, of: $0.scope.constellation, $0.format) }
    return "Root disks:\n" + paths.map { "  \($0)\n" }.joined()
  }
}
