import Diagnostics
import Network
import YAML

extension VirtualMachineSpec {
  static let keys = Section.Keys(
    schema,
    meant: [
      "extra_args": "qemu_args", "network": "networks", "disk": "disks", "cpu": "cpus", "vcpus": "cpus",
      "ram": "memory", "image": "use", "distro": "distribution", "append": "cmdline", "architecture": "arch",
    ])

  init(
    _ entry: YAMLMapping.Entry, defaults: YAMLMapping?, in bridges: BridgeTable, _ faults: inout Diagnostics
  ) {
    let name = Located(entry.key, at: entry.keyLocation)
    NameForm.virtualMachine.check(name, &faults)
    let node = entry.value
    let section =
      Section(node, at: entry.keyLocation, Self.keys, defaults: defaults, &faults)
      ?? Section(empty: entry.keyLocation)
    self.init(section, named: name, in: bridges, &faults)
  }

  /// Reads what `section` says, under a name that was checked.
  init(_ section: Section, named name: Located<String>, in bridges: BridgeTable, _ faults: inout Diagnostics) {
    self.name = name
    let written = WrittenDisks(section, &faults)
    root = written.root
    disks = written.data
    arch = section.value("arch", Architecture.form, else: .x86, &faults)
    packages = section.list(
      "packages", .identifier("the name of a package", like: "nginx", others: "+-.:_=~/"), &faults)
    hooksReachNetwork = section.value("hooks_network", .boolean, else: false, &faults).value
    kernel = section.value("kernel", KernelChoice.form, &faults)
    commandLine = section.value("cmdline", .line("a line", like: "\"quiet\""), &faults)
    memory = section.value("memory", .memory, else: ByteCount(bytes: 512 << 20), &faults)
    cpus = section.value("cpus", .number(1...255), else: 1, &faults)
    acceleration = section.value("kvm", Acceleration.form, else: .auto, &faults)
    display = section.value("display", Display.form, else: .none, &faults)
    buildFree = section.value("build_free_mb", .mebibytes, else: ByteCount(bytes: 500 << 20), &faults)
    diskSize = section.value("disk_size", .diskSize, &faults) ?? written.rootSize
    user = section["user"].flatMap { UserSpec($0, &faults) }
    networks = section.nodes("networks", &faults).compactMap { NetworkSpec($0, in: bridges, &faults) }
    limits = section["limits"].flatMap { LimitsSpec($0, &faults) }
    dependsOn = section.list("depends_on", .line("the name of a virtual machine", like: "db"), &faults)
    onImageChange = section.value("on_image_change", .word, else: .rebuild, &faults)
    isProtected = section.value("protect", .boolean, else: false, &faults)
    qemuArguments = section.list("qemu_args", .qemuArguments, &faults)
    boot = Self.boot(section, written.root, kernel, arch.value, &faults)
    if boot?.value == .bios, written.root.isBuilt, let diskSize, diskSize.value.bytes > Self.largestForBIOS {
      faults.error(
        "disk_size is more than BIOS can boot from, which is 2T", at: diskSize.location,
        remedy: "write less, or boot: efi; or a data disk beside it")
    }
    let hasAddress = networks.contains { !$0.addresses.isEmpty }
    // Another's disk without our kernel never gets the identity that ssh is proven by.
    var isOurGuest = true
    if case .own = written.root, boot?.value != .kernel { isOurGuest = false }
    let usual = ReadinessSpec(isReachable: isOurGuest && hasAddress, at: section.location)
    readiness = section["ready"].map { ReadinessSpec($0, else: usual, &faults) } ?? usual
    checkUnused(section, &faults)
    if let limit = limits?.memory, limit.value < memory.value {
      faults.warning(
        "limits.memory is less than the \(memory.value) of the guest, which the kernel ends when it takes more",
        at: limit.location, remedy: "give more than memory: QEMU takes some itself")
    }
  }

  /// Of a table of MBR: 32 bits of sectors of 512 bytes.
  private static let largestForBIOS: UInt64 = 2 << 40

  /// How it boots: as written, else with a kernel where one is built or named, else as its disk does.
  private static func boot(
    _ section: Section, _ root: RootDisk, _ kernel: Located<KernelChoice>?, _ arch: Architecture,
    _ faults: inout Diagnostics
  ) -> Located<Boot>? {
    if let written = section.value("boot", Form<Boot>.word, &faults) {
      if written.value == .kernel, kernel == nil, !root.isBuilt {
        faults.error(
          "boot: kernel needs a kernel: there is no distribution to take one of", at: written.location,
          remedy: "write kernel: with the name of one of kernels, or a path")
      }
      if written.value == .bios, arch != .x86 {
        let other = arch == .aarch64 && !root.isBuilt ? "write boot: efi, or leave it out" : "leave it out"
        faults.error(
          "boot: bios is for x86_64 alone: machines of \(arch.rawValue) have no BIOS", at: written.location,
          remedy: root.isBuilt ? "\(other): QEMU loads the kernel then" : other)
      }
      return written
    }
    let usual: Boot? =
      switch root {
      case .built: .kernel
      case .image: kernel == nil ? nil : .kernel
      case .own: kernel == nil ? .bios : .kernel
      }
    return usual.map { Located($0, at: section.location) }
  }

  /// Warns of keys that this VM sets and that do nothing.
  private func checkUnused(_ section: Section, _ faults: inout Diagnostics) {
    var unused: [String] = []
    var reason = ""
    switch root {
    case .built: break
    case .image:
      unused = ["release", "mirror", "components", "sources", "packages", "build_free_mb"]
      reason = "the virtual machine is made of an image: install packages in a hook, and give disk_size to grow it"
    case .own:
      unused = [
        "release", "mirror", "components", "sources", "mirror_keys", "packages", "hooks_network", "build_free_mb",
        "disk_size",
      ]
      reason = "the virtual machine boots its own disk: write distribution: debian to build one"
    }
    for key in unused where section.sets(key) {
      faults.warning("\(key) does nothing here", at: section.location(of: key), remedy: reason)
    }
    // The kernel of a built image lies in it.
    if let boot, boot.value != .kernel, !root.isBuilt {
      for key in ["kernel", "cmdline"] where section.sets(key) {
        faults.warning(
          "\(key) does nothing with boot: \(boot.value.rawValue)", at: section.location(of: key),
          remedy: "write boot: kernel, or leave it out")
      }
    }
  }
}

extension VirtualMachineSpec.Architecture {
  /// By the name that `uname -m` has for it, or Debian's.
  fileprivate static let form = Form.read(Form<Self>.word.noun, like: Self.x86.rawValue) { Self(written: $0) }
}

extension VirtualMachineSpec.Acceleration {
  fileprivate static let form = Form(noun: "auto, true or false", example: "auto") { scalar -> Self? in
    if scalar.text == "auto" { return .auto }
    return Form<Bool>.boolean.parse(scalar).map { $0 ? .wanted : .unwanted }
  }
}

extension VirtualMachineSpec.Display {
  fileprivate static let form = Form(noun: "true, false or vnc", example: "false") { scalar -> Self? in
    if scalar.text == "vnc" { return .vnc }
    return Form<Bool>.boolean.parse(scalar).map { $0 ? .window : .none }
  }
}
