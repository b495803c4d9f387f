import Host
import SystemPackage

/// The loader that meros puts into images which EFI boots: systemd's, of this machine.
struct EFILoader {
  /// "systemd-bootx64.efi"
  let name: String

  /// nil for an architecture that no such images are made for.
  init?(arch: String) {
    guard arch == "x86_64" else { return nil }
    name = "systemd-bootx64.efi"
  }

  /// Where systems have it; nil where it is not installed.
  var installed: FilePath? {
    let place = FilePath("/usr/lib/systemd/boot/efi").appending(name)
    return place.exists ? place : nil
  }

  /// What is missing here to make images with it, and to boot them.
  var missing: [String] {
    let programs = ["mcopy", "mkfs.vfat", "sfdisk"].filter { (try? LinuxMachines.program($0, "")) == nil }
    return programs + (installed == nil ? [name] : [])
  }
}
