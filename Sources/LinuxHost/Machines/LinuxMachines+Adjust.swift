import Glibc
package import Host
package import Network
import QMP
import SystemPackage

extension LinuxMachines {
  package func adjust(_ design: MachineDesign, progress: Progress) async throws(HostError) {
    let attempted = "change vm \(design.name) while it runs"
    var session = try await session(design.name, of: design.scope, attempted)
    // Whatever happens from here on: until the guest has proven it, the machine says that it is not done.
    try await session.markUnproven()
    progress.report(Progress.Report("giving it memory, processors and devices"))
    try await session.addMemory(design.memory)
    try await session.addProcessors(design.cpus)
    for disk in design.disks {
      if let size = disk.size { try await session.grow(disk.name, to: size, in: data, design.scope) }
    }
    try await addNetworks(design, &session)
    try await addDisks(design, &session)
    try await session.refresh()
    progress.report(Progress.Report("waiting for the guest to take it"))
    try await askGuest(GuestTask(design, session.state).script, design, session.state, attempted)
    try await session.markProven()
  }

  package func release(_ design: MachineDesign) async throws(HostError) {
    let attempted = "take devices from vm \(design.name)"
    guard try isRunning(design.name, of: design.scope) else { return }
    var session = try await session(design.name, of: design.scope, attempted)
    let taps = Set(design.networks.map(\.tap.text))
    let names = Set(design.disks.map(\.name))
    let disks = session.state.disks.filter { !names.contains($0.disk?.name ?? "") }
    if !disks.isEmpty {
      var serials: [String] = []
      for disk in disks {
        let answer = try await session.run("qom-get", ["path": .string(disk.device.path), "property": "serial"])
        serials.append(answer.string ?? "")
      }
      try await askGuest(GuestTask.unmount(serials), design, session.state, attempted)
    }
    for network in session.state.networks where !taps.contains(network.network?.tap ?? "") {
      try await session.remove(network)
      try await session.run("netdev_del", ["id": .string(network.device.backend)])
    }
    for disk in disks {
      try await session.remove(disk)
      try await session.removeNodes(of: disk.device)
    }
  }

  package func growDisk(_ name: String, of scope: Scope, to size: ByteCount) async throws(HostError) {
    // A disk is called after its VM.
    for process in try MachineProcess.all(of: scope, in: namespace)
    where name == process.name || name.hasPrefix("\(process.name)/") {
      var session = try await session(process.name, of: scope, "grow disk \(name)")
      guard session.state.disks.contains(where: { $0.disk?.name == name }) else { return }
      try await session.markUnproven()
      try await session.grow(name, to: size, in: data, scope)
      return
    }
  }

  private func isRunning(_ name: String, of scope: Scope) throws(HostError) -> Bool {
    try MachineProcess.all(of: scope, in: namespace).contains { $0.name == name }
  }

  private func session(
    _ name: String, of scope: Scope, _ attempted: String
  ) async throws(HostError) -> LiveSession {
    guard let process = try MachineProcess.all(of: scope, in: namespace).first(where: { $0.name == name }) else {
      throw HostError(attempted, .missing("vm \(name)"))
    }
    let monitor: Monitor
    do {
      monitor = try await connect(process, .control, of: scope, until: .now + LiveSession.patience)
    } catch {
      throw HostError(attempted, error.cause(after: LiveSession.patience))
    }
    return try await LiveSession(process, monitor, attempted)
  }

  private func addNetworks(_ design: MachineDesign, _ session: inout LiveSession) async throws(HostError) {
    let present = Set(session.state.networks.compactMap(\.network?.tap))
    for (network, part) in zip(design.networks, MachineParts(design.attributes).networks)
    where !present.contains(network.tap.text) {
      let device = LiveDevice(.network, session.freeNumber(.network))
      let bus = try await session.freePort()
      let tap = try await attach(network.tap)
      defer { _ = close(tap) }
      var note = part.settings
      note["tap"] = part.tap
      try await session.prepare(device, note)
      try await session.run("getfd", ["fdname": .string(device.backend)], giving: tap)
      try await session.run(
        "netdev_add", ["type": "tap", "id": .string(device.backend), "fd": .string(device.backend)])
      try await session.run(
        "device_add",
        [
          "driver": .string(network.model), "id": .string(device.id), "netdev": .string(device.backend),
          "mac": .string("\(network.mac)"), "bus": .string(bus), "romfile": "",
        ])
      try await session.refresh()
    }
  }

  private func addDisks(_ design: MachineDesign, _ session: inout LiveSession) async throws(HostError) {
    let present = Set(session.state.disks.compactMap(\.disk?.name))
    for (disk, part) in zip(design.disks, MachineParts(design.attributes).disks) where !present.contains(disk.name) {
      let device = LiveDevice(.disk, session.freeNumber(.disk))
      let bus = try await session.freePort()
      var handover = Handover()
      let layers = try DiskChain.open(data.file(of: disk, design.scope), below: data.store, &handover)
      guard layers.count == 1, let file = handover.descriptors.first else {
        throw HostError(session.attempted, .malformed("disk \(disk.name)", "stands on another"))
      }
      try await session.prepare(device, part.note)
      let set = try await session.run("add-fd", [:], giving: file)
      guard let number = set["fdset-id"]?.integer else {
        throw HostError(session.attempted, .malformed("QMP add-fd", "no fdset-id"))
      }
      try await session.run(
        "blockdev-add",
        [
          "driver": "file", "node-name": .string("\(device.backend)-file"),
          "filename": .string("/dev/fdset/\(number)"), "discard": "unmap",
        ])
      try await session.run(
        "blockdev-add",
        [
          "driver": .string(disk.format.rawValue), "node-name": .string(device.backend),
          "file": .string("\(device.backend)-file"),
          "discard": "unmap", "detect-zeroes": "unmap",
        ])
      try await session.run(
        "device_add",
        [
          "driver": "virtio-blk-pci", "id": .string(device.id), "drive": .string(device.backend),
          "serial": .string(disk.serial), "bus": .string(bus),
        ])
      try await session.refresh()
    }
  }

  /// Runs a script in the guest, over ssh by a network that it has; what it prints is what the guest lacks.
  private func askGuest(
    _ script: String, _ design: MachineDesign, _ state: LiveState, _ attempted: String
  ) async throws(HostError) {
    let present = Set(state.networks.compactMap(\.network?.tap))
    let late = Set(state.networks.filter(\.isLate).compactMap(\.network?.tap))
    let ways = design.networks.filter { present.contains($0.tap.text) && !$0.addresses.isEmpty }
    // What has just come has no address yet.
    guard let address = (ways.first { !late.contains($0.tap.text) } ?? ways.first)?.addresses.first?.address else {
      throw HostError(attempted, .missing("an address of vm \(design.name)"))
    }
    let login = SSHLogin(to: design.name, at: address, of: design.scope.constellation, in: data)
    let arguments = ["-n", "-T"] + login.options + [login.destination, script]
    let result = try await Program("ssh", arguments, timeout: .seconds(180), capturesOutput: true).inside(namespace)
      .result(attempted)
    let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
    guard result.termination != .exited(0) else { return }
    let log = runFolder(design.name, of: design.scope).serialLog
    throw HostError(
      attempted,
      .guest(
        GuestFailure(
          reason: .lacks(lines.isEmpty ? ["a shell that answers"] : lines), lastLines: result.lastLines,
          log: log.path.string)))
  }
}
