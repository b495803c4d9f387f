import Host
import Network
import QMP

/// A running machine and its monitor, for snapshots of it.
struct SnapshotMonitor: ~Copyable {
  /// The nodes of its disks, by the disks' names. Others, that of kernel modules for example, have no snapshots.
  let nodes: [String: String]
  let shape: MachineShape
  private let attempted: String
  private var monitor: Monitor

  /// Memory is written at the pace of the disk: this is for a QEMU that hangs.
  private static let patience = Duration.seconds(3600)

  init(
    _ process: MachineProcess, of scope: Scope, in machines: LinuxMachines, _ attempted: String
  ) async throws(HostError) {
    let patience = LiveSession.patience
    let started = MachineParts(process.attributes)
    self.attempted = attempted
    do throws(QMPError) {
      let deadline = ContinuousClock.now + patience
      var monitor = try await machines.connect(process, .control, of: scope, until: deadline)
      guard process.isSaid(by: try await monitor.status(until: deadline)) else { throw .closed }
      let live = try await monitor.liveState(started, until: deadline)
      let hardware = try await monitor.hardware(live, until: deadline)
      nodes = Self.nodes(started, live)
      let attributes = live.map { machines.attributes(started, $0, of: scope) } ?? process.attributes
      shape = MachineShape(MachineParts(attributes), layout: hardware + process.hardwareArguments)
      self.monitor = monitor
    } catch {
      throw HostError(attempted, error.cause(after: patience))
    }
  }

  private static func nodes(_ started: MachineParts, _ live: LiveState?) -> [String: String] {
    guard let live else {
      return [String: String](
        started.disks.enumerated().map { ($1.name, LiveDevice(.disk, $0).backend) }
      ) { first, _ in first }
    }
    return [String: String](
      live.disks.compactMap { disk in disk.disk.map { ($0.name, disk.device.backend) } }
    ) { first, _ in first }
  }

  /// Does it to these nodes.
  /// - Parameter holdsMemory: the root disk holds the machine's memory too.
  mutating func run(
    _ command: String, _ tag: SnapshotTag, _ nodes: [String], holdsMemory: Bool
  ) async throws(HostError) {
    var arguments: [String: JSON] = ["tag": .string("\(tag)"), "devices": .array(nodes.map { .string($0) })]
    if holdsMemory { arguments["vmstate"] = .string(LiveDevice(.disk, 0).backend) }
    // One that was left behind by a meros that was killed has another id.
    let id = "meros-\(tag.group)-\(hexadecimal(UInt64.random(in: 0 ... .max), digits: 16))"
    do {
      try await monitor.run(job: command, arguments, id: id, until: .now + Self.patience)
    } catch {
      throw HostError(attempted, error.cause(after: Self.patience))
    }
  }
}

extension Monitor {
  /// What decides, besides the command line, where devices sit: QEMU's version, whose machines differ, and where those
  /// are that can come and go. What the guest has numbered does not count.
  fileprivate mutating func hardware(
    _ live: LiveState?, until deadline: ContinuousClock.Instant
  ) async throws(QMPError) -> [String] {
    let version = try await execute("query-version", until: deadline)["qemu"]
    var lines = ["QEMU \(version?["major"]?.integer ?? 0).\(version?["minor"]?.integer ?? 0)"]
    guard let live else { return lines }
    let devices = (live.disks + live.networks).map(\.device)
    let buses = try await execute(
      devices.map { ("qom-get", ["path": .string($0.path), "property": "parent_bus"]) }, until: deadline)
    lines += zip(devices, buses).map { "\($0.id) \($1.string ?? "")" }.sorted()
    lines += live.processors.filter(\.isPresent).map { "\(JSON.object($0.place))" }.sorted()
    // Only machines that can have them know the question.
    guard live.memoryPieces > 0 else { return lines }
    guard case .array(let pieces) = try await execute("query-memory-devices", until: deadline) else {
      throw .malformed
    }
    lines += pieces.map { piece in
      let place = ["slot", "addr", "size"].map { "\(piece["data"]?[$0]?.integer ?? 0)" }
      return "memory \(place.joined(separator: " "))"
    }
    return lines
  }
}

extension MachineShape {
  fileprivate init(_ parts: MachineParts, layout: [String]) {
    self.init()
    set(.memory, to: "\(parts.memory.map(\.description) ?? "")")
    set(.cpus, to: "\(parts.cpus ?? 0)")
    set(.disks, to: parts.disks.map { "\($0.name) \($0.mount) \($0.size.map(\.description) ?? "")" }.lines)
    set(.networks, to: parts.networks.map { "\($0.tap) \($0.settings.sorted { $0.key < $1.key })" }.lines)
    set(.rest, to: parts.fixed.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.lines)
    set(.layout, to: layout.lines)
  }
}

extension [String] {
  fileprivate var lines: String { joined(separator: "\n") }
}
