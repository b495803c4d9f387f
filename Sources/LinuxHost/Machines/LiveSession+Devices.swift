import Host
import Network
import QMP
import SystemPackage

extension LiveSession {
  /// Adds what is missing as one piece.
  mutating func addMemory(_ wanted: ByteCount) async throws(HostError) {
    guard wanted > state.memory else { return }
    let missing = Int64(wanted.bytes - state.memory.bytes)
    // What an interrupted attempt left behind has no device.
    var number = 0
    while state.objects.contains("\(LiveNote.prefix)memory\(number)") { number += 1 }
    let memory = "\(LiveNote.prefix)memory\(number)"
    try await run(
      "object-add", ["qom-type": "memory-backend-ram", "id": .string(memory), "size": .integer(missing)])
    try await run(
      "device_add", ["driver": "pc-dimm", "id": .string("vmemory\(number)"), "memdev": .string(memory)])
    try await refresh()
  }

  mutating func addProcessors(_ wanted: Int) async throws(HostError) {
    // QEMU lists the last place first.
    for processor in state.processors.reversed() where !processor.isPresent && state.processorCount < wanted {
      var arguments = processor.place
      arguments["driver"] = .string(processor.type)
      let place = processor.place.sorted { $0.key < $1.key }.compactMap { $0.value.integer.map { "\($0)" } }
      arguments["id"] = .string("vcpu-\(place.joined(separator: "-"))")
      try await run("device_add", arguments)
      try await refresh()
    }
  }

  /// The disk's file says how large it is.
  mutating func grow(
    _ name: String, to size: ByteCount, in data: DataDirectory, _ scope: Scope
  ) async throws(HostError) {
    guard let disk = state.disks.first(where: { $0.disk?.name == name }), let format = disk.disk?.format,
      try data.diskFile(name, of: scope.constellation, format).header().size < size.bytes
    else { return }
    try await run(
      "block_resize", ["node-name": .string(disk.device.backend), "size": .integer(Int64(clamping: size.bytes))])
  }

  /// Lays down what the device will be, and clears away what an interrupted attempt left of it.
  mutating func prepare(_ device: LiveDevice, _ note: [String: String]) async throws(HostError) {
    if state.objects.contains(device.note) {
      try await run(LiveNote.remove(device.note))
      switch device.kind {
      case .network: try await removeNetdev(device)
      case .disk: try await removeNodes(of: device)
      }
    }
    try await run(LiveNote.add(device.note, note))
  }

  private mutating func removeNetdev(_ device: LiveDevice) async throws(HostError) {
    // Whether it came to that is not known; one that is not there is refused, and a new one of its name shows the rest.
    _ = try? await run("netdev_del", ["id": .string(device.backend)])
  }

  mutating func remove(_ device: LiveState.Device) async throws(HostError) {
    try await unplug(device.device.id)
    if device.isLate { try await run(LiveNote.remove(device.device.note)) }
  }

  /// The nodes behind a disk whose device is gone, and with them QEMU's hold on the file.
  mutating func removeNodes(of device: LiveDevice) async throws(HostError) {
    guard case .array(let nodes) = try await run("query-named-block-nodes", ["flat": .bool(true)]) else {
      throw HostError(attempted, .malformed("QMP query-named-block-nodes", "no list"))
    }
    for name in [device.backend, "\(device.backend)-file"] {
      guard let node = nodes.first(where: { $0["node-name"]?.string == name }) else { continue }
      try await run("blockdev-del", ["node-name": .string(name)])
      guard name.hasSuffix("-file"), let path = node["file"]?.string, path.hasPrefix("/dev/fdset/"),
        let set = Int64(path.dropFirst("/dev/fdset/".count))
      else { continue }
      try await run("remove-fd", ["fdset-id": .integer(set)])
    }
  }
}
