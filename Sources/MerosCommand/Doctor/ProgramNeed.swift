import LinuxHost

/// A program that meros runs, and where systems have it.
struct ProgramNeed: Sendable {
  var name: String
  var purpose: String
  /// The package on Debian and Ubuntu.
  var debian: String
  var alpine: String
  var fedora: String
  /// What makes it tell its version; nil: it is only looked for.
  var versionOption: String?
  /// Everything else works without it.
  var isOptional: Bool

  init(
    _ name: String, _ purpose: String, _ debian: String, _ alpine: String, _ fedora: String, asked: String? = nil,
    isOptional: Bool = false
  ) {
    self.name = name
    self.purpose = purpose
    self.debian = debian
    self.alpine = alpine
    self.fedora = fedora
    versionOption = asked
    self.isOptional = isOptional
  }

  func package(on system: PackagedSystem) -> String {
    switch system {
    case .debian: debian
    case .alpine: alpine
    case .fedora: fedora
    }
  }

  /// Those of the groups `aarch64` and `riscv64` of dist-conf.sh, by the group.
  static let foreign = [
    "aarch64": [
      ProgramNeed(
        "qemu-system-aarch64", "machines of aarch64", "qemu-system-arm", "qemu-system-aarch64",
        "qemu-system-aarch64-core"),
      ProgramNeed(
        "qemu-aarch64-static", "root file systems of aarch64", "qemu-user-static", "qemu-aarch64",
        "qemu-user-static-aarch64"),
    ],
    "riscv64": [
      ProgramNeed(
        "qemu-system-riscv64", "machines of riscv64", "qemu-system-misc", "qemu-system-riscv64",
        "qemu-system-riscv-core"),
      ProgramNeed(
        "qemu-riscv64-static", "root file systems of riscv64", "qemu-user-static", "qemu-riscv64",
        "qemu-user-static-riscv"),
    ],
  ]

  /// Files of group `run` of dist-conf.sh, by their last names.
  static let files = [
    ProgramNeed("OVMF_CODE.fd", "machines that boot by EFI", "ovmf", "ovmf", "edk2-ovmf"),
    ProgramNeed(
      "systemd-bootx64.efi", "building machines that boot by EFI", "systemd-boot-efi", "systemd-boot",
      "systemd-boot-unsigned"),
    ProgramNeed("mbr.bin", "building machines that boot by BIOS", "syslinux-common", "syslinux", "syslinux"),
  ]

  /// Those of group `run` of dist-conf.sh, in its order; then those of group `desktop`.
  static let all = [
    ProgramNeed(
      "qemu-system-x86_64", "running virtual machines", "qemu-system-x86", "qemu-system-x86_64",
      "qemu-system-x86-core", asked: "--version"),
    ProgramNeed("qemu-img", "disks", "qemu-utils", "qemu-img", "qemu-img", asked: "--version"),
    ProgramNeed(
      "qemu-storage-daemon", "working on disk images", "qemu-system-common", "qemu-storage-daemon",
      "qemu-storage-daemon"),
    ProgramNeed("mcopy", "images with a loader", "mtools", "mtools", "mtools", isOptional: true),
    ProgramNeed("mkfs.vfat", "images with a loader", "dosfstools", "dosfstools", "dosfstools", isOptional: true),
    ProgramNeed(
      "syslinux", "building machines that boot by BIOS", "syslinux", "syslinux", "syslinux", isOptional: true),
    ProgramNeed(
      "mmdebstrap", "Debian root file systems", "mmdebstrap", "mmdebstrap", "mmdebstrap", asked: "--version"),
    ProgramNeed("apt-get", "Debian packages", "apt", "apt", "apt", asked: "--version"),
    ProgramNeed("apt-ftparchive", "Debian packages", "apt-utils", "apt", "apt-utils"),
    ProgramNeed("dpkg-deb", "Debian packages", "dpkg", "dpkg", "dpkg"),
    ProgramNeed("gpg", "checking signatures of distributions", "gpg", "gnupg", "gnupg2"),
    ProgramNeed("curl", "releases of Alpine", "curl", "curl", "curl", asked: "--version"),
    ProgramNeed("mke2fs", "file systems of images", "e2fsprogs", "e2fsprogs", "e2fsprogs", asked: "-V"),
    ProgramNeed(
      "debugfs", "images that come out the same each time", "e2fsprogs", "e2fsprogs-extra", "e2fsprogs"),
    ProgramNeed("e2fsck", "working on disk images", "e2fsprogs", "e2fsprogs", "e2fsprogs"),
    ProgramNeed("resize2fs", "working on disk images", "e2fsprogs", "e2fsprogs-extra", "e2fsprogs"),
    ProgramNeed("sfdisk", "working on disk images", "fdisk", "sfdisk", "util-linux-core"),
    ProgramNeed("partx", "working on disk images", "util-linux", "partx", "util-linux-core"),
    ProgramNeed("blkid", "working on disk images", "util-linux", "blkid", "util-linux-core"),
    ProgramNeed("lvm", "disk images whose root is in LVM", "lvm2", "lvm2", "lvm2", isOptional: true),
    ProgramNeed("mkfs.xfs", "data disks with fs_type: xfs", "xfsprogs", "xfsprogs", "xfsprogs"),
    ProgramNeed("mkfs.btrfs", "data disks with fs_type: btrfs", "btrfs-progs", "btrfs-progs", "btrfs-progs"),
    ProgramNeed("dnsmasq", "name servers of bridges", "dnsmasq-base", "dnsmasq", "dnsmasq", asked: "--version"),
    ProgramNeed(
      "ssh", "reaching virtual machines", "openssh-client", "openssh-client-default", "openssh-clients", asked: "-V"),
    ProgramNeed("rsync", "copying to and from virtual machines", "rsync", "rsync", "rsync", asked: "--version"),
    ProgramNeed("ssh-keygen", "making keys", "openssh-client", "openssh-keygen", "openssh"),
    ProgramNeed("capsh", "containing hooks, and apk that looks packages up", "libcap2-bin", "libcap-utils", "libcap"),
    ProgramNeed("depmod", "kernel modules", "kmod", "kmod", "kmod"),
    ProgramNeed("cpio", "the initramfs", "cpio", "cpio", "cpio"),
    ProgramNeed("zstd", "unpacking packages and modules", "zstd", "zstd", "zstd"),
    ProgramNeed("xz", "unpacking modules", "xz-utils", "xz", "xz"),
    ProgramNeed("awk", "building images", "mawk", "busybox", "gawk"),
    ProgramNeed("mount", "builds in mounts of their own", "mount", "mount", "util-linux-core"),
    ProgramNeed("unshare", "builds in mounts of their own", "util-linux", "util-linux-misc", "util-linux"),
    ProgramNeed(
      "nsenter", "machines in another network namespace", "util-linux", "util-linux-misc", "util-linux"),
    ProgramNeed("setpriv", "hooks without rights over the machine", "util-linux", "setpriv", "util-linux"),
    ProgramNeed("timeout", "hooks that never end", "coreutils", "coreutils", "coreutils"),
    ProgramNeed(
      "dot", "pictures of constellations as svg", "graphviz", "graphviz", "graphviz", asked: "-V", isOptional: true),
    ProgramNeed(
      "waypipe", "showing windows of virtual machines", "waypipe", "waypipe", "waypipe", asked: "--version",
      isOptional: true),
    ProgramNeed(
      "vncviewer", "showing screens of virtual machines", "tigervnc-viewer", "tigervnc-client", "tigervnc",
      isOptional: true),
  ]
}
