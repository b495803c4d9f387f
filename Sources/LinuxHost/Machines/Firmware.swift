import Glibc
import Host
import SystemPackage

/// What starts a machine that boots by the loader on its disk.
enum Firmware: String, Equatable, Sendable {
  /// QEMU's own.
  case bios
  case efi

  /// The firmware's code, and the variables that a new machine begins with.
  struct Files: Equatable {
    var code: FilePath
    var variables: FilePath
  }

  /// Where distributions put EDK II, without secure boot: Debian and Ubuntu, Fedora, Alpine.
  private static let places: [String: [(code: String, variables: String)]] = [
    "x86_64": [
      ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
      ("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
      ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
    ],
    "aarch64": [
      ("/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd"),
      ("/usr/share/edk2/aarch64/QEMU_EFI-pflash.raw", "/usr/share/edk2/aarch64/vars-template-pflash.raw"),
    ],
  ]

  /// The files of EFI for the architecture. Throws `unsupported` where there are none, with what to install.
  static func files(arch: String, _ attempted: String) throws(HostError) -> Files {
    for (code, variables) in places[arch] ?? [] where FilePath(code).exists && FilePath(variables).exists {
      return Files(code: FilePath(code), variables: FilePath(variables))
    }
    let package = arch == "aarch64" ? "qemu-efi-aarch64" : "ovmf"
    throw HostError(attempted, .unsupported("EFI firmware for \(arch) is not installed (package \(package))"))
  }
}

extension LinuxMachines {
  /// The firmware that starts the machine; nil where QEMU loads a kernel.
  func firmware(of design: MachineDesign) throws(HostError) -> Firmware? {
    switch design.boot {
    case .kernel: nil
    case .bios: .bios
    case .efi: .efi
    case .image: try imageFirmware(of: design) ?? .bios
    }
  }

  /// What the image that the root disk stands on was made for; nil where it stands on none that another's loader boots.
  func imageFirmware(of design: MachineDesign) throws(HostError) -> Firmware? {
    guard let disk = design.disks.first else { return nil }
    let layers = try DiskChain.layers(of: data.disk(disk.name, of: design.scope.constellation), below: data.store)
    guard layers.count > 1 else { return nil }
    let place = layers[1].removingLastComponent().appending("firmware")
    guard let bytes = try place.contentsIfPresent(limit: 16) else { return nil }
    let word = String(decoding: bytes, as: UTF8.self)
    guard let firmware = Firmware(rawValue: String(word.prefix { !$0.isWhitespace })) else {
      throw HostError("start vm \(design.name)", .malformed("\(place)", "neither efi nor bios"))
    }
    return firmware
  }

  /// EFI's code and the machine's own variables, made on its first start. nil for other firmware.
  func openFlash(
    _ design: MachineDesign, _ handover: inout Handover, _ attempted: String
  ) throws(HostError) -> HandedOver.Flash? {
    guard try firmware(of: design) == .efi else { return nil }
    let files = try Firmware.files(arch: design.arch, attempted)
    let variables = data.firmwareVariables(design.name, of: design.scope.constellation)
    if !variables.exists { try variables.replaceContents(try files.variables.contents()) }
    return HandedOver.Flash(
      code: handover.give(try Self.open(files.code)),
      variables: handover.give(try DiskChain.open(variables, O_RDWR)))
  }
}
