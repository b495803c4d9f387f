import Host
import SystemPackage

/// The loader that meros puts into images, of this machine: systemd's for EFI, syslinux for BIOS.
struct BootLoader {
  let firmware: Firmware
  /// Of the file that is put in: "systemd-bootx64.efi"; "mbr.bin", which the rest of syslinux goes with.
  let name: String

  /// nil for what no such images are made for.
  init?(_ firmware: Firmware, arch: String) {
    guard arch == "x86_64" else { return nil }
    self.firmware = firmware
    name =
      switch firmware {
      case .efi: "systemd-bootx64.efi"
      case .bios: "mbr.bin"
      }
  }

  /// Where distributions put it: Debian, Ubuntu and Fedora; of syslinux others Alpine and Fedora.
  private var folders: [FilePath] {
    switch firmware {
    case .efi: ["/usr/lib/systemd/boot/efi"]
    case .bios: ["/usr/lib/syslinux/mbr", "/usr/share/syslinux"]
    }
  }

  /// nil where it is not installed.
  var installed: FilePath? { folders.map { $0.appending(name) }.first { $0.exists } }

  private var programs: [String] {
    switch firmware {
    case .efi: ["mcopy", "mkfs.vfat", "sfdisk"]
    case .bios: ["mcopy", "mkfs.vfat", "sfdisk", "syslinux"]
    }
  }

  /// What is missing here to make images with it.
  var missing: [String] {
    programs.filter { (try? LinuxMachines.program($0, "")) == nil } + (installed == nil ? [name] : [])
  }

  /// Debian's package that has it.
  var package: String {
    switch firmware {
    case .efi: "systemd-boot-efi"
    case .bios: "syslinux-common"
    }
  }
}
