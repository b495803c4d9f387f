package import Host
import Network
import SystemPackage

/// Snapshots within qcow2 images: QEMU makes those of a machine that runs, `qemu-img` those of disks at rest.
package struct LinuxSnapshots: Snapshots {
  let machines: LinuxMachines
  private let disks: LinuxDisks

  package init(_ machines: LinuxMachines, _ disks: LinuxDisks) {
    self.machines = machines
    self.disks = disks
  }

  package func snapshots(of scope: Scope) async throws(HostError) -> [ObservedSnapshot] {
    var found: [ObservedSnapshot] = []
    // What a guest wrote into a raw disk may look like anything.
    for disk in try await disks.disks(of: scope) where disk.format == .qcow2 {
      for snapshot in try QCOW2Snapshot.all(of: path(disk.name, of: scope).string) {
        guard let tag = SnapshotTag(snapshot.name), tag.constellation == scope.constellation else { continue }
        found.append(
          ObservedSnapshot(
            tag: tag, disk: disk.name, second: snapshot.second, memory: ByteCount(bytes: snapshot.stateSize),
            size: snapshot.diskSize.map { ByteCount(bytes: $0) } ?? disk.size))
      }
    }
    return found
  }

  package func shape(of machine: String, in scope: Scope) async throws(HostError) -> MachineShape {
    let attempted = "look at what vm \(machine) is"
    if let session = try await session(machine, of: scope, attempted) { return session.shape }
    var shape = MachineShape()
    shape.set(.disks, to: try await disks(of: machine, scope).map(\.name).joined(separator: "\n"))
    return shape
  }

  package func save(_ tag: SnapshotTag, _ machine: String, of scope: Scope) async throws(HostError) {
    try await carryOut("snapshot-save", atRest: "-c", tag, machine, of: scope, "save vm \(machine)")
  }

  package func restore(_ tag: SnapshotTag, _ machine: String, of scope: Scope) async throws(HostError) {
    // Nobody knows who the guest was told to be by then; the next start tells it again.
    try machines.data.writtenIdentity(machine, of: scope.constellation).unlink()
    try await carryOut("snapshot-load", atRest: "-a", tag, machine, of: scope, "restore vm \(machine)")
  }

  /// The command of QEMU where the VM runs, else that of `qemu-img` for each of its disks.
  private func carryOut(
    _ command: String, atRest deed: String, _ tag: SnapshotTag, _ machine: String, of scope: Scope, _ attempted: String
  ) async throws(HostError) {
    var session = try await session(machine, of: scope, attempted)
    let attached = session?.nodes
    let disks = try await disks(of: machine, scope).filter { attached == nil || attached?[$0.name] != nil }
    if let raw = disks.first(where: { $0.format == .raw }) {
      throw HostError(attempted, .unsupported("a snapshot of disk \(raw.name), which is raw"))
    }
    if session != nil {
      try await session?.run(command, tag, (attached ?? [:]).values.sorted(), holdsMemory: true)
    } else {
      for disk in disks { try await image(deed, tag, disk.name, of: scope, attempted) }
    }
  }

  package func remove(_ tag: SnapshotTag, _ machine: String, of scope: Scope) async throws(HostError) {
    let attempted = "delete the snapshot of vm \(machine)"
    var session = try await session(machine, of: scope, attempted)
    var held: [String] = []
    for disk in try await disks(of: machine, scope) where disk.format == .qcow2 {
      let tags = try QCOW2Snapshot.all(of: path(disk.name, of: scope).string).map(\.name)
      guard tags.contains(tag.description) else { continue }
      if let node = session?.nodes[disk.name] {
        held.append(node)
      } else {
        try await image("-d", tag, disk.name, of: scope, attempted)
      }
    }
    if !held.isEmpty { try await session?.run("snapshot-delete", tag, held.sorted(), holdsMemory: false) }
  }

  /// nil where the machine does not run. Throws where it runs in another network namespace: its disks are in use.
  private func session(
    _ machine: String, of scope: Scope, _ attempted: String
  ) async throws(HostError) -> SnapshotMonitor? {
    let here = try MachineProcess.all(of: scope, in: machines.namespace).first { $0.name == machine }
    if let here { return try await SnapshotMonitor(here, of: scope, in: machines, attempted) }
    if let other = try MachineProcess.all(of: scope, in: nil).first(where: { $0.name == machine }) {
      throw HostError(attempted, .notOurs("vm \(machine) in another network namespace, pid \(other.pid)"))
    }
    return nil
  }

  private func disks(of machine: String, _ scope: Scope) async throws(HostError) -> [ObservedDisk] {
    try await disks.disks(of: scope).filter { $0.machine == machine }.sorted { $0.name < $1.name }
  }

  private func path(_ disk: String, of scope: Scope) -> FilePath {
    machines.data.disk(disk, of: scope.constellation)
  }

  /// `qemu-img` locks what it opens, so a disk that somebody uses after all is refused.
  private func image(
    _ deed: String, _ tag: SnapshotTag, _ disk: String, of scope: Scope, _ attempted: String
  ) async throws(HostError) {
    let file = machines.data.diskFile(disk, of: scope.constellation, .qcow2)
    let layers = try DiskChain.layers(of: file, below: machines.data.store)
    try await Program("qemu-img", ["snapshot", "-q", deed, "\(tag)", "--image-opts", Self.options(layers)])
      .run(attempted)
  }

  /// The disk and what it stands on, each named: what the disk itself says that it stands on does not count.
  static func options(_ layers: [FilePath]) -> String {
    layers.enumerated().map { depth, path in
      let prefix = String(repeating: "backing.", count: depth)
      let file = MachineDesign.escaped(path.string)
      return "\(prefix)driver=qcow2,\(prefix)file.driver=file,\(prefix)file.filename=\(file)"
    }.joined(separator: ",")
  }
}
