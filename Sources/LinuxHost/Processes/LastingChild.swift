import CLinux
import Glibc
import Host
import SystemPackage

/// A QEMU or dnsmasq that was just started, still our child: the only programs that outlive us.
struct LastingChild: ~Copyable {
  let pid: Int32
  let handle: ProcessHandle
  private let command: [String]

  /// Starts the command with these descriptors as 3, 4, 5 … in a session of its own. It outlives this process.
  /// - Parameters:
  ///   - environment: `NAME=VALUE`; nothing else is passed on.
  ///   - network: the namespace to start in; nil: this process's own.
  static func spawn(
    _ command: [String], _ environment: [String], _ descriptors: [Int32] = [], log: Int32, network: Int32?,
    user: UInt32, mayBindLowPorts: Bool = false, _ attempted: String
  ) throws(HostError) -> LastingChild {
    let arguments = command.flatMap { $0.utf8CString }
    let strings = environment.flatMap { $0.utf8CString }
    var (pid, pidfd): (Int32, Int32) = (0, -1)
    var failed: UnsafePointer<CChar>?
    let error = unsafe arguments.withUnsafeBufferPointer { arguments in
      unsafe strings.withUnsafeBufferPointer { strings in
        unsafe descriptors.withUnsafeBufferPointer { descriptors in
          var child = unsafe meros_child(
            arguments: arguments.baseAddress, argument_count: Int32(command.count), environment: strings.baseAddress,
            environment_count: Int32(environment.count), descriptors: descriptors.baseAddress,
            descriptor_count: Int32(descriptors.count), log: log, network_namespace: network ?? -1, user: user,
            may_bind_low_ports: mayBindLowPorts ? 1 : 0)
          return unsafe meros_spawn(&child, &pid, &pidfd, &failed)
        }
      }
    }
    guard error == 0 else {
      let call = unsafe failed.map { unsafe String(cString: $0) } ?? "fork"
      throw HostError(attempted, .system(errno: error, call: call))
    }
    return LastingChild(pid: pid, handle: ProcessHandle(descriptor: pidfd), command: command)
  }

  /// Ends it at once.
  func discard() async {
    handle.kill()
    _ = await handle.awaitEnd(until: .now + .seconds(10))
    _ = handle.reap()
  }

  /// How it ended and what it said; to be asked once it has.
  func failure(log: FilePath) -> ProgramFailure {
    let lines = SerialLog(path: log).lastLines
    return ProgramFailure(
      command: command, termination: handle.reap() ?? .exited(0), lastLines: lines, log: log.string)
  }
}
