package import Network

extension MachineDesign {
  /// What a running QEMU was started as, attribute by attribute: the running process carries this, and a plan compares
  /// it with what is wanted. Nothing secret is in it. The lines of `/etc/hosts` are not in it: a VM that comes or goes
  /// must not restart its neighbours, who see it at their next boot. Neither are name servers that a bridge offers.
  package var attributes: [String: String] {
    var all = [
      "arch": arch, "memory": "\(memory)", "cpus": "\(cpus)", "accelerator": accelerator.rawValue,
      "display": display.rawValue, "hostname": identity.hostname,
    ]
    switch boot {
    case .kernel(let entry, let commandLine):
      all["kernel"] = entry
      all["cmdline"] = commandLine
    case .bios: all["boot"] = "bios"
    case .efi: all["boot"] = "efi"
    case .loader(let firmware): all["boot"] = firmware.rawValue
    case .image: all["boot"] = "as its image does"
    }
    if let user = identity.user { all["user"] = user }
    if !identity.authorizedKeys.isEmpty { all["keys"] = identity.authorizedKeys.joined(separator: "\n") }
    if !extraArguments.isEmpty { all["qemu_args"] = extraArguments.joined(separator: " ") }
    for (index, disk) in disks.enumerated() {
      let mount = disk.mountPoint.map { " on \($0) as \(disk.fileSystem ?? "auto")" } ?? ""
      all["disks[\(index)]"] = disk.name + mount
      if let size = disk.size { all["disks[\(index)].size"] = "\(size)" }
      if disk.format != .qcow2 { all["disks[\(index)].format"] = disk.format.rawValue }
    }
    for (index, network) in networks.enumerated() {
      let path = "networks[\(index)]"
      all["\(path).tap"] = "\(network.tap)"
      all["\(path).mac"] = "\(network.mac)"
      all["\(path).model"] = network.model
      all["\(path).ip_addr"] = network.addresses.map(\.description).joined(separator: " ")
      if !network.gateways.isEmpty {
        all["\(path).gateway"] = network.gateways.map(\.description).joined(separator: " ")
      }
      if !network.nameservers.isEmpty {
        all["\(path).nameserver"] = network.nameservers.map(\.description).joined(separator: " ")
      }
      all["\(path).mtu"] = "\(network.mtu)"
    }
    return all
  }
}

extension MachineDesign {
  /// Memory comes to a running machine in pieces of this size: what Linux on a PC takes at once.
  package static let memoryStep = ByteCount(bytes: 128 << 20)

  /// The guest can be asked to take what comes to it while it runs, and to prove that it has it.
  package var takesChanges: Bool {
    switch boot {
    case .kernel, .loader: break
    case .bios, .efi, .image: return false
    }
    guard case .ssh = readiness else { return false }
    return networks.contains { !$0.addresses.isEmpty }
  }
}
