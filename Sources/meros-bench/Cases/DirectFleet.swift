import Glibc
import Host
import LinuxHost
import QMP
import SystemPackage

/// The same machines, by `qemu-img`, `ip` and the command lines that meros used, opened by QEMU itself.
struct DirectFleet {
  private let stage: Stage
  private let machines: [DirectMachine]
  private let image: FilePath
  private let links: FilePath
  private let folder: FilePath

  /// Starts the fleet once to see its command lines.
  init(of fleet: Fleet, _ stage: Stage) async throws {
    self.stage = stage
    folder = stage.folder.appending("direct")
    try folder.makeFolders()
    image = fleet.imageFile
    links = stage.folder.appending("links")
    try await fleet.apply()
    var machines: [DirectMachine] = []
    var batch = ""
    for observed in try await fleet.site.host.machines.machines(of: fleet.designs[0].scope) {
      guard let design = fleet.designs.first(where: { $0.name == observed.name }) else { continue }
      let place = folder.appending(observed.name)
      try place.makeFolders()
      machines.append(try DirectMachine(observed.pid, design, image: image, in: place))
      for network in design.networks {
        batch += "tuntap add dev \(network.tap) mode tap vnet_hdr\n"
        batch += "link set dev \(network.tap) master \(fleet.bridge) up\n"
      }
    }
    self.machines = machines
    try links.replaceContents(Array(batch.utf8))
    try await fleet.remove()
    guard machines.count == fleet.designs.count else { throw BenchFailure("not all machines run") }
  }

  func start() async throws -> Duration {
    let start = ContinuousClock.now
    let overlays = try machines.map { machine in
      try Child.start(
        [
          "qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", image.string, machine.overlay.string,
        ])
    }
    try Child.run(["ip", "-n", stage.namespaceName, "-batch", links.string])
    for overlay in overlays where overlay.end().status != 0 { throw BenchFailure("qemu-img failed") }
    let children = try machines.map { machine in
      try Child.start(machine.command, in: stage.namespace, hasOwnSession: true, output: machine.logFile)
    }
    let answer = await withTaskGroup(of: Bool.self) { group in
      for machine in machines { group.addTask { await machine.answers() } }
      return await group.allSatisfy { $0 }
    }
    let duration = ContinuousClock.now - start
    for child in children {
      kill(child.pid, SIGKILL)
      _ = child.end()
    }
    for machine in machines {
      try machine.overlay.unlink()
      for tap in machine.taps { try Child.run(["ip", "-n", stage.namespaceName, "link", "delete", tap]) }
    }
    guard answer else { throw BenchFailure("QEMU did not answer: \(machines.map(\.log).joined())") }
    return duration
  }
}
