import Host
import Network
import QMP

/// What a running QEMU has of what can come and go, as its monitor says.
struct LiveState: Sendable {
  /// All that the guest may use.
  var memory: ByteCount
  /// As the command line gave it.
  var baseMemory: ByteCount
  /// Pieces of memory that came later.
  var memoryPieces: Int
  /// None where the machine is of a kind that takes no more.
  var processors: [Processor]
  /// In the order of the machine.
  var disks: [Device]
  var networks: [Device]
  /// Root ports, taken or not.
  var ports: Int
  /// All objects of ours that are no devices: notes and the memory of pieces.
  var objects: Set<String>

  struct Processor: Sendable {
    /// QEMU's type of device.
    var type: String
    /// Where it sits: socket-id, core-id, thread-id.
    var place: [String: JSON]
    var count: Int
    var isPresent: Bool
  }

  struct Device: Sendable {
    var device: LiveDevice
    var part: Part
    /// It came while the machine ran.
    var isLate: Bool

    enum Part: Sendable {
      case disk(MachineParts.Disk)
      case network(MachineParts.Network)
    }
  }

  var isUnproven: Bool { objects.contains(LiveNote.unproven) }
  var processorCount: Int { processors.filter(\.isPresent).reduce(0) { $0 + $1.count } }
  var mostProcessors: Int { processors.reduce(0) { $0 + $1.count } }
  /// The root disk sits elsewhere.
  var freePorts: Int { max(0, ports - networks.count - disks.count { $0.device.number > 0 }) }
}

extension LiveState.Device {
  /// nil for a network.
  var disk: MachineParts.Disk? { if case .disk(let disk) = part { disk } else { nil } }
  /// nil for a disk.
  var network: MachineParts.Network? { if case .network(let network) = part { network } else { nil } }
}

extension Monitor {
  /// Asks for all of it; nil where the machine is of a kind, or was started by a meros, that changes nothing live.
  /// - Parameter started: what the command line gave.
  mutating func liveState(
    _ started: MachineParts, until deadline: ContinuousClock.Instant
  ) async throws(QMPError) -> LiveState? {
    let isPC = started.fixed["arch"] == "x86_64"
    let answers: [JSON]
    do throws(QMPError) {
      answers = try await execute(Self.questions + (isPC ? Self.questionsOfPCs : []), until: deadline)
    } catch {
      // A machine of a kind that has no such devices says so.
      if case .refused = error { return nil }
      throw error
    }
    // A machine that takes no more memory does not say how much came.
    let plugged = answers[0]["plugged-memory"]?.integer ?? 0
    guard let base = answers[0]["base-memory"]?.integer,
      let ids = Self.names(answers[1]), let objects = Self.names(answers[2]),
      case .array(let pieces) = isPC ? answers[3] : [], case .array(let processors) = isPC ? answers[4] : []
    else { throw .malformed }
    let devices = ids.compactMap { LiveDevice(id: $0) }
    // All devices had ids from the first version on that changes them.
    guard devices.contains(LiveDevice(.disk, 0)) || started.disks.isEmpty else { return nil }
    let late = devices.filter { objects.contains($0.note) }
    let notes = late.isEmpty ? [] : try await execute(late.map { LiveNote.read($0.note) }, until: deadline)
    var state = LiveState(
      memory: ByteCount(bytes: UInt64(base + plugged)), baseMemory: ByteCount(bytes: UInt64(base)),
      memoryPieces: pieces.count, processors: processors.compactMap(LiveState.Processor.init), disks: [], networks: [],
      ports: ids.count { $0.hasPrefix("port") }, objects: Set(objects.filter { $0.hasPrefix(LiveNote.prefix) }))
    for device in devices.sorted(by: { $0.number < $1.number }) {
      let note = late.firstIndex(of: device).flatMap { LiveNote.text(notes[$0]) }
      state.add(device, note, started)
    }
    return state
  }

  private static let questions: [(name: String, arguments: [String: JSON])] = [
    ("query-memory-size-summary", [:]), ("qom-list", ["path": "/machine/peripheral"]),
    ("qom-list", ["path": "/objects"]),
  ]
  /// Others take networks and disks while they run, and no memory or processors.
  private static let questionsOfPCs: [(name: String, arguments: [String: JSON])] = [
    ("query-memory-devices", [:]), ("query-hotpluggable-cpus", [:]),
  ]

  private static func names(_ answer: JSON) -> [String]? {
    guard case .array(let entries) = answer else { return nil }
    return entries.compactMap { $0["name"]?.string }
  }
}

extension MachineParts.Disk {
  /// What the note beside a disk says that came late.
  var note: [String: String] { ["name": name, "mount": mount, "format": format.rawValue] }

  /// Reads `note`.
  init(note: [String: String]) {
    self.init(
      name: note["name"] ?? "", mount: note["mount"] ?? "", size: nil,
      format: note["format"].flatMap(DiskFormat.init) ?? .qcow2)
  }
}

extension LiveState {
  fileprivate mutating func add(_ device: LiveDevice, _ note: [String: String]?, _ started: MachineParts) {
    switch device.kind {
    case .disk:
      if let note {
        disks.append(Device(device: device, part: .disk(MachineParts.Disk(note: note)), isLate: true))
      } else if started.disks.indices.contains(device.number) {
        disks.append(Device(device: device, part: .disk(started.disks[device.number]), isLate: false))
      }
    case .network:
      if var note {
        let tap = note.removeValue(forKey: "tap") ?? ""
        let network = MachineParts.Network(tap: tap, settings: note)
        networks.append(Device(device: device, part: .network(network), isLate: true))
      } else if started.networks.indices.contains(device.number) {
        networks.append(Device(device: device, part: .network(started.networks[device.number]), isLate: false))
      }
    }
  }
}

extension LiveState.Processor {
  /// nil for what is no entry of `query-hotpluggable-cpus`.
  fileprivate init?(_ json: JSON) {
    guard let type = json["type"]?.string, let count = json["vcpus-count"]?.integer,
      case .object(let place) = json["props"]
    else { return nil }
    self.init(type: type, place: place, count: Int(count), isPresent: json["qom-path"] != nil)
  }
}
