package import Network

/// The attributes of a machine, parted into what may change while it runs and what may not.
package struct MachineParts: Hashable, Sendable {
  /// All that only a start can change.
  package var fixed: [String: String]
  /// nil where it is not known.
  package var memory: ByteCount?
  /// nil where it is not known.
  package var cpus: Int?
  /// In the order of the machine; the first is the root disk.
  package var disks: [Disk]
  /// In the order of the machine.
  package var networks: [Network]

  package struct Disk: Hashable, Sendable {
    /// As in `DiskDesign`.
    package var name: String
    /// " on /srv as ext4"; empty where the guest mounts it itself.
    package var mount: String
    /// nil for an overlay, whose size is its image's.
    package var size: ByteCount?
    package var format: DiskFormat

    package init(name: String, mount: String, size: ByteCount?, format: DiskFormat = .qcow2) {
      self.name = name
      self.mount = mount
      self.size = size
      self.format = format
    }
  }

  package struct Network: Hashable, Sendable {
    package var tap: String
    /// mac, model, ip_addr, …
    package var settings: [String: String]

    package init(tap: String, settings: [String: String]) {
      self.tap = tap
      self.settings = settings
    }
  }

  /// Reads `MachineDesign.attributes`.
  package init(_ attributes: [String: String]) {
    fixed = [:]
    disks = []
    networks = []
    var lists: [String: [Int: [String: String]]] = [:]
    for (path, value) in attributes {
      switch path {
      case "memory": memory = ByteCount(value, bareUnit: 1)
      case "cpus": cpus = Int(value)
      default:
        if let (list, index, member) = Self.place(path) {
          lists[list, default: [:]][index, default: [:]][member] = value
        } else {
          fixed[path] = value
        }
      }
    }
    for (_, members) in (lists["disks"] ?? [:]).sorted(by: { $0.key < $1.key }) {
      let text = members[""] ?? ""
      let name = text.prefix { $0 != " " }
      disks.append(
        Disk(
          name: String(name), mount: String(text.dropFirst(name.count)),
          size: members["size"].flatMap { ByteCount($0, bareUnit: 1) },
          format: members["format"].flatMap(DiskFormat.init) ?? .qcow2))
    }
    for (_, members) in (lists["networks"] ?? [:]).sorted(by: { $0.key < $1.key }) {
      networks.append(Network(tap: members["tap"] ?? "", settings: members.filter { $0.key != "tap" }))
    }
  }

  /// As they were read.
  package var attributes: [String: String] {
    var all = fixed
    if let memory { all["memory"] = "\(memory)" }
    if let cpus { all["cpus"] = "\(cpus)" }
    for (index, disk) in disks.enumerated() {
      all["disks[\(index)]"] = disk.name + disk.mount
      if let size = disk.size { all["disks[\(index)].size"] = "\(size)" }
      if disk.format != .qcow2 { all["disks[\(index)].format"] = disk.format.rawValue }
    }
    for (index, network) in networks.enumerated() {
      all["networks[\(index)].tap"] = network.tap
      for (member, value) in network.settings { all["networks[\(index)].\(member)"] = value }
    }
    return all
  }

  /// `disks[1].size`: list, index and member, which is empty for the element itself.
  private static func place(_ path: String) -> (list: String, index: Int, member: String)? {
    guard let open = path.firstIndex(of: "["), let close = path.firstIndex(of: "]"), open < close,
      let index = Int(path[path.index(after: open)..<close])
    else { return nil }
    let list = String(path[..<open])
    guard list == "disks" || list == "networks" else { return nil }
    return (list, index, String(path[path.index(after: close)...].drop { $0 == "." }))
  }
}
