import Glibc
import Host
import SystemPackage

extension Firmware {
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
    case .loader(let firmware): firmware
    case .image: try imageFirmware(of: design) ?? .bios
    }
  }

  /// What the image that the root disk stands on was made for; nil where it stands on none that another's loader boots.
  func imageFirmware(of design: MachineDesign) throws(HostError) -> Firmware? {
    guard let place = try fileBesideImage("firmware", of: design) else { return nil }
    guard let bytes = try place.contentsIfPresent(limit: 16) else { return nil }
    let word = String(decoding: bytes, as: UTF8.self)
    guard let firmware = Firmware(rawValue: String(word.prefix { !$0.isWhitespace })) else {
      throw HostError("start vm \(design.name)", .malformed("\(place)", "neither efi nor bios"))
    }
    return firmware
  }

  /// Throws `malformed` where our initramfs, which activates no volumes, would look in vain for the root file system.
  func checkRootIsFound(by design: MachineDesign, _ attempted: String) throws(HostError) {
    guard case .kernel = design.boot, let place = try fileBesideImage("volume", of: design),
      let bytes = try place.contentsIfPresent(limit: 512)
    else { return }
    let volume = String(decoding: bytes, as: UTF8.self).prefix { !$0.isWhitespace }
    throw HostError(
      attempted,
      .malformed(
        "the disk image of vm \(design.name)",
        "its root is the logical volume \(volume), which a kernel that QEMU loads does not find; leave kernel out, "
          + "so that the image boots by its own loader"))
  }

  /// In the store's entry of the image that the root disk stands on; nil where it stands on none.
  private func fileBesideImage(_ name: String, of design: MachineDesign) throws(HostError) -> FilePath? {
    guard let disk = design.disks.first else { return nil }
    let layers = try DiskChain.layers(of: data.file(of: disk, design.scope), below: data.store)
    return layers.count > 1 ? layers[1].removingLastComponent().appending(name) : nil
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
