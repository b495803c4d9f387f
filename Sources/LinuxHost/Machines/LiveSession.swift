import Glibc
import Host
import Network
import QMP

/// A running machine and its monitor, for a change of what it has.
struct LiveSession: ~Copyable {
  let process: MachineProcess
  let attempted: String
  private var monitor: Monitor
  private(set) var state: LiveState
  private let started: MachineParts

  /// A machine among many that boot answers within a second; guests give devices away within a few.
  static let patience = Duration.seconds(60)

  init(_ process: MachineProcess, _ monitor: consuming Monitor, _ attempted: String) async throws(HostError) {
    self.process = process
    self.attempted = attempted
    started = MachineParts(process.attributes)
    do throws(QMPError) {
      let deadline = ContinuousClock.now + Self.patience
      let status = try await monitor.status(until: deadline)
      guard process.isSaid(by: status) else { throw .closed }
      guard let state = try await monitor.liveState(started, until: deadline) else {
        throw .malformed
      }
      self.state = state
    } catch {
      throw HostError(attempted, error.cause(after: Self.patience))
    }
    self.monitor = monitor
  }

  /// Looks again.
  mutating func refresh() async throws(HostError) {
    do throws(QMPError) {
      guard let state = try await monitor.liveState(started, until: .now + Self.patience) else { throw .malformed }
      self.state = state
    } catch {
      throw HostError(attempted, error.cause(after: Self.patience))
    }
  }

  @discardableResult
  mutating func run(_ command: String, _ arguments: [String: JSON] = [:]) async throws(HostError) -> JSON {
    do {
      return try await monitor.execute(command, arguments, until: .now + Self.patience)
    } catch {
      throw HostError(attempted, error.cause(after: Self.patience))
    }
  }

  @discardableResult
  mutating func run(_ command: (name: String, arguments: [String: JSON])) async throws(HostError) -> JSON {
    try await run(command.name, command.arguments)
  }

  /// With a copy of a descriptor, which stays the caller's.
  @discardableResult
  mutating func run(
    _ command: String, _ arguments: [String: JSON] = [:], giving descriptor: Int32
  ) async throws(HostError) -> JSON {
    do {
      return try await monitor.execute(command, arguments, giving: descriptor, until: .now + Self.patience)
    } catch {
      throw HostError(attempted, error.cause(after: Self.patience))
    }
  }

  /// Takes the device from the guest, which must let it go.
  mutating func unplug(_ id: String) async throws(HostError) {
    try await run("device_del", ["id": .string(id)])
    do {
      try await monitor.awaitEvent("DEVICE_DELETED", until: .now + Self.patience) { $0["device"]?.string == id }
    } catch {
      throw HostError(attempted, error.cause(after: Self.patience))
    }
  }

  /// Says from now on that the guest is yet to prove something.
  mutating func markUnproven() async throws(HostError) {
    guard !state.isUnproven else { return }
    try await run(LiveNote.add(LiveNote.unproven, [:]))
    state.objects.insert(LiveNote.unproven)
  }

  mutating func markProven() async throws(HostError) {
    guard state.isUnproven else { return }
    try await run(LiveNote.remove(LiveNote.unproven))
    state.objects.remove(LiveNote.unproven)
  }

  /// The bus of a root port that nothing sits behind. Throws `unsupported` where all are taken.
  mutating func freePort() async throws(HostError) -> String {
    let answer = try await run("query-pci")
    guard case .array(let buses) = answer else { throw HostError(attempted, .malformed("QMP query-pci", "no list")) }
    for bus in buses {
      guard case .array(let devices)? = bus["devices"] else { continue }
      for device in devices {
        guard let id = device["qdev_id"]?.string, id.hasPrefix("port") else { continue }
        if case .array(let behind)? = device["pci_bridge"]?["devices"], !behind.isEmpty { continue }
        return id
      }
    }
    throw HostError(attempted, .unsupported("the machine has no free slot; a restart makes new ones"))
  }

  /// The first number that no device of this kind has, nor had on the command line.
  func freeNumber(_ kind: LiveDevice.Kind) -> Int {
    let devices = kind == .disk ? state.disks : state.networks
    let first = kind == .disk ? started.disks.count : started.networks.count
    return max(first, (devices.map(\.device.number).max() ?? -1) + 1)
  }
}
