import Glibc
import SystemPackage

/// What the kernel lets this process do.
package struct Privileges: Sendable {
  /// Bits of `CapEff` in /proc/self/status (capabilities(7)).
  private let effective: UInt64
  private let isRoot: Bool

  package static var current: Privileges {
    // Without /proc nothing can be told, and nothing can be observed either: then the deeds themselves will say.
    let status = (try? FilePath("/proc/self/status").contents(limit: 1 << 16)) ?? []
    let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("CapEff:") }
    let digits = line?.split(whereSeparator: \.isWhitespace).last ?? ""
    return Privileges(effective: UInt64(digits, radix: 16) ?? .max, isRoot: geteuid() == 0)
  }

  init(effective: UInt64, isRoot: Bool) {
    self.effective = effective
    self.isRoot = isRoot
  }

  package enum Need: Hashable, Sendable, CaseIterable {
    /// To see and change links and packet filters.
    case networkAdministration
    /// To enter another network namespace, and to mount.
    case systemAdministration
    /// To build images, and to start QEMU as another user.
    case root

    /// As a person knows it.
    package var name: String {
      switch self {
      case .networkAdministration: "CAP_NET_ADMIN"
      case .systemAdministration: "CAP_SYS_ADMIN"
      case .root: "root"
      }
    }
  }

  /// Those that are not there, in the order in which they were asked for.
  package func missing(_ needs: [Need]) -> [Need] {
    needs.filter { need in
      switch need {
      // The numbers of the kernel's <linux/capability.h>.
      case .networkAdministration: effective & 1 << 12 == 0
      case .systemAdministration: effective & 1 << 21 == 0
      case .root: !isRoot
      }
    }
  }
}
