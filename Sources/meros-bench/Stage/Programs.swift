import LinuxHost
import SystemPackage

/// Programs of this machine.
enum Programs {
  /// Those of the names that PATH has not.
  static func missing(_ names: [String]) -> [String] {
    names.filter { name in
      (try? Child.run(["sh", "-c", "command -v \"$1\"", "sh", name])) == nil
    }
  }
}
