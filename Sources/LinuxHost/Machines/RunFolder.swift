import CLinux
import Glibc
import Host
import QMP
import SystemPackage

/// `data/run/CONSTELLATION/VM`: the sockets and logs of one QEMU.
struct RunFolder: Sendable {
  let path: FilePath

  /// One client each: `control` for deeds, `observe` for looking, `events` for hearing, `console` for a person.
  enum Socket: String, CaseIterable {
    case control = "qmp.sock"
    case observe = "observe.sock"
    case events = "events.sock"
    case console = "console.sock"
  }

  var serialLog: SerialLog { SerialLog(path: path.appending("serial.log")) }
  /// What QEMU itself says.
  var log: FilePath { path.appending("qemu.log") }
  /// QEMU's own until it has made the socket of its display.
  var vnc: FilePath { path.appending("vnc") }

  /// Makes the folder ready for a new QEMU: no old sockets, and the log of the former boot kept beside the new one.
  func prepare() throws(HostError) {
    try path.makeFolders()
    try removeSockets()
    do {
      try serialLog.path.rename(to: path.appending("serial.log.1"))
    } catch  where error.isMissingFile {}
    try log.unlink()
  }

  func removeSockets() throws(HostError) {
    for socket in Socket.allCases { try path.appending(socket.rawValue).unlink() }
    try vnc.removeTree()
  }

  /// Deletes the folder, and the constellation's when it was the last.
  func remove() throws(HostError) {
    try path.removeTree()
    path.removingLastComponent().removeIfEmpty()
  }

  /// A bound socket that nobody listens on yet: QEMU does, and so the kernel knows it as the other side.
  func bind(_ socket: Socket) throws(HostError) -> Int32 {
    try inFolder("bind \(path.appending(socket.rawValue))") { unsafe meros_bind_unix($0, socket.rawValue) }
  }

  func connect(_ socket: Socket) throws(QMPError) -> Monitor {
    let folder = unsafe path.withPlatformString { unsafe Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard folder >= 0 else { throw .system(errno: errno, call: "open") }
    defer { _ = close(folder) }
    return try Monitor.connect(directory: folder, name: socket.rawValue)
  }

  /// A connection that does not block and is not spoken over by us.
  func open(_ socket: Socket, _ attempted: String) throws(HostError) -> Int32 {
    try inFolder(attempted, call: "connect") { unsafe meros_connect_unix($0, socket.rawValue) }
  }

  /// Opens a log for appending, made when it is missing.
  func openLog(_ path: FilePath) throws(HostError) -> Int32 {
    let descriptor = unsafe path.withPlatformString {
      unsafe Glibc.open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    guard descriptor >= 0 else { throw HostError("open \(path)", .lastCall("open")) }
    return descriptor
  }

  /// `body` gets a descriptor of the folder and gives one or -errno.
  private func inFolder(
    _ attempted: String, call: String = "bind", _ body: (Int32) -> Int32
  ) throws(HostError) -> Int32 {
    let folder = unsafe path.withPlatformString { unsafe Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard folder >= 0 else { throw HostError(attempted, .lastCall("open")) }
    defer { _ = close(folder) }
    let result = body(folder)
    guard result >= 0 else { throw HostError(attempted, .system(errno: -result, call: call)) }
    return result
  }
}
