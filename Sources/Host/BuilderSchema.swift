/// Numbers that belong to the fingerprints of what is built: a builder whose results change for the same inputs gets
/// another one, so that the old results are built anew.
package enum BuilderSchema {
  /// Counts the initramfs, too: its `/init` is part of every kernel entry.
  package static let kernel = 7
  /// What compiles kernels; besides `kernel`, so that another initramfs compiles nothing anew.
  package static let kernelCompiler = 1
  package static let rootfs = 4
  package static let image = 4
  /// Of what EFI boots in an image, besides `image`.
  package static let loader = 1
  /// Likewise, of what BIOS boots.
  package static let biosLoader = 1
  /// Of images that are made of somebody's disk image.
  package static let patch = 2

  package static func of(_ kind: StoreKind) -> Int {
    switch kind {
    case .kernel: kernel
    case .rootfs: rootfs
    case .image: image
    }
  }

  /// What every root file system of the distribution has besides its essential packages: an init, a network that can be
  /// looked at, and a way in.
  package static func basePackages(of distribution: String) -> [String] {
    switch distribution {
    // And an ssh server: the first of `alpineServers` that the mirror has.
    case "alpine": ["openrc"]
    default:
      [
        "dbus", "e2fsprogs", "iproute2", "iputils-ping", "kmod", "openssh-server", "procps", "systemd", "systemd-sysv",
        "udev",
      ]
    }
  }

  package static let alpineServers = ["openssh", "openssh-server", "dropbear"]

  /// What goes with a server, beside it: dropbear gets its host keys in the form of OpenSSH.
  package static func companions(ofServer name: String) -> [String] { name == "dropbear" ? ["dropbear-convert"] : [] }

  /// What was asked for by its name of a base of Alpine; nil where there is no ssh server among the packages.
  package static func alpineBase(_ locked: [LockedPackage]) -> (packages: [String], server: String)? {
    let names = Set(locked.map(\.name))
    guard let server = alpineServers.first(where: names.contains) else { return nil }
    return (basePackages(of: "alpine") + [server] + companions(ofServer: server), server)
  }

  /// The time, in seconds since 1970, that files of built things carry at the latest.
  package static let time: Int64 = 1_767_225_600
}
