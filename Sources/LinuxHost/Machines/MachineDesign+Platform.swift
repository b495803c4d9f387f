import Host
import Network

extension MachineDesign {
  /// Machine and processor.
  var platform: [String] {
    let runs = "accel=\(accelerator.rawValue),dump-guest-core=off"
    let cpu = accelerator == .kvm ? "host" : "max"
    return switch arch {
    case "aarch64": ["-machine", "virt,\(runs)", "-cpu", accelerator == .kvm ? cpu : "max,pauth-impdef=on"]
    case "riscv64": ["-machine", "virt,\(runs)", "-cpu", accelerator == .kvm ? cpu : "rv64"]
    default: ["-machine", "q35,vmport=off,\(runs)", "-cpu", cpu]
    }
  }

  /// Memory and processors, on a PC with room for more of both while it runs.
  var room: [String] {
    let mebibytes = max(memory.mebibytes, 1)
    guard isPC else { return ["-m", "size=\(mebibytes)M", "-smp", "cpus=\(cpus)"] }
    let most = mebibytes + max(mebibytes, 4096)
    return ["-m", "size=\(mebibytes)M,slots=4,maxmem=\(most)M", "-smp", "cpus=\(cpus),maxcpus=\(max(2 * cpus, 4))"]
  }

  func boot(_ given: HandedOver.Kernel?) -> [String] {
    guard let given, case .kernel(_, let appended) = boot else { return [] }
    var line = ["-kernel", "/proc/self/fd/\(given.image)", "-initrd", "/proc/self/fd/\(given.initrd)"]
    line += ["-append", kernelCommandLine(appended)]
    if let modules = given.modules {
      line += Self.fileSet(modules)
      line += ["-blockdev", "driver=file,node-name=modules-file,filename=/dev/fdset/\(modules),read-only=on"]
      line += ["-blockdev", "driver=raw,node-name=modules,file=modules-file,read-only=on"]
      line += ["-device", "virtio-blk-pci,drive=modules,serial=modules,bus=pcie.0,addr=0x5"]
    }
    return line
  }

  /// EFI's code and variables as the flash memory that the machine begins in.
  static func flash(_ given: HandedOver.Flash?) -> [String] {
    guard let given else { return [] }
    var line: [String] = []
    for (node, descriptor, access) in [("code", given.code, "on"), ("variables", given.variables, "off")] {
      line += fileSet(descriptor)
      line += [
        "-blockdev", "driver=file,node-name=\(node)-file,filename=/dev/fdset/\(descriptor),read-only=\(access)",
        "-blockdev", "driver=raw,node-name=\(node),file=\(node)-file,read-only=\(access)",
      ]
    }
    return line + ["-machine", "pflash0=code,pflash1=variables"]
  }

  private func kernelCommandLine(_ appended: String) -> String {
    var words = GuestInit.commandLine(arch: arch)
    // Room for more memory lies above 4 GiB, and for its sake Linux sets 64 MiB aside to copy through for devices that
    // do not reach so far. Ours do.
    if isPC, memory.mebibytes <= 2048 { words += " swiotlb=noforce" }
    return appended.isEmpty ? words : "\(words) \(appended)"
  }

  /// `vncFolder`: where QEMU makes the socket of the display; nil: there is none.
  func screen(_ vncFolder: Int?) -> [String] {
    guard let vncFolder else { return ["-display", "none"] }
    let card = isPC ? "virtio-vga" : "virtio-gpu-pci"
    return [
      "-vnc", "unix:/proc/self/fd/\(vncFolder)/\(RunFolder.displayName)", "-device", "\(card),bus=pcie.0,addr=0x1",
      "-device", "qemu-xhci,id=usb,bus=pcie.0,addr=0x6",
      "-device", "usb-kbd,bus=usb.0", "-device", "usb-tablet,bus=usb.0",
    ]
  }

  /// The machine takes files of fw_cfg from the command line: before QEMU 8.0 that of riscv64 gets it too late.
  var hasFirmwareFiles: Bool { arch != "riscv64" }

  private var isPC: Bool { arch == "x86_64" }
}
