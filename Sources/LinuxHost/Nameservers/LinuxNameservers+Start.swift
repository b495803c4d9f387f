import Glibc
import Host
import Netlink
import Network
import SystemPackage

extension LinuxNameservers {
  /// From the start of the process to its first socket: hundredths of a second, more on a busy machine.
  private static let startPatience = Duration.seconds(20)

  func start(_ design: NameserverDesign, _ folder: NameserverFolder, _ attempted: String) async throws(HostError) {
    let program = try LinuxMachines.program("dnsmasq", attempted)
    try await awaitRelease(of: design, attempted)
    try await folder.tell(NameTable(design.hosts)) { () throws(HostError) in
      let log = try folder.openLog()
      defer { _ = close(log) }
      let child = try LastingChild.spawn(
        ["\(program)"] + design.commandLine(folder), design.environment, log: log, network: namespace.descriptor,
        user: design.scope.uid, mayBindLowPorts: true, attempted)
      try await awaitListening(child, design, folder, attempted)
    }
  }

  /// An address that has moved from one bridge to another is let go by the first one's name server only when that hears
  /// of it from the kernel. Whatever else holds the port is left for dnsmasq to name.
  private func awaitRelease(of design: NameserverDesign, _ attempted: String) async throws(HostError) {
    let home = try home()
    let deadline = ContinuousClock.now + Self.startPatience
    while ContinuousClock.now < deadline {
      let others = try NameserverProcess.all(of: design.scope).filter { $0.namespace == home }
      guard let other = others.first else { return }
      let ports = ListeningPorts(of: design.scope.uid, by: other.pid)
      guard design.addresses.contains(where: { ports.contains($0, port: 53) }) else { return }
      do { try await Task.sleep(for: .milliseconds(5)) } catch { throw HostError(attempted, .cancelled) }
    }
  }

  private func awaitListening(
    _ child: consuming LastingChild, _ design: NameserverDesign, _ folder: NameserverFolder, _ attempted: String
  ) async throws(HostError) {
    let deadline = ContinuousClock.now + Self.startPatience
    while !child.handle.hasEnded {
      let ports = ListeningPorts(of: design.scope.uid, by: child.pid)
      if design.addresses.allSatisfy({ ports.contains($0, port: 53) }) { return }
      guard ContinuousClock.now < deadline else {
        await child.discard()
        throw HostError(attempted, .timeout(Self.startPatience))
      }
      do { try await Task.sleep(for: .milliseconds(5)) } catch {
        await child.discard()
        throw HostError(attempted, .cancelled)
      }
    }
    throw HostError(attempted, .program(child.failure(log: folder.log)))
  }
}
