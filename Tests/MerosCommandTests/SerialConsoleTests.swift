import Glibc
import SystemPackage
import Testing

@testable import MerosCommand

/// A console with something behind each of its ends.
private struct Visit {
  let socket: (ours: FileDescriptor, theirs: FileDescriptor)
  let input: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
  let output: (readEnd: FileDescriptor, writeEnd: FileDescriptor)

  init() throws {
    var ends: [Int32] = [0, 0]
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends) == 0 else {
      throw Errno(rawValue: errno)
    }
    socket = (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    input = try FileDescriptor.pipe()
    output = try FileDescriptor.pipe()
  }

  func run(isInterrupted: @escaping () -> Bool = { false }) -> SerialConsole.Ending {
    SerialConsole(
      socket: socket.ours, input: input.readEnd, output: output.writeEnd, isInterrupted: isInterrupted
    ).run()
  }

  func close() {
    for end in [socket.ours, input.readEnd, input.writeEnd, output.readEnd, output.writeEnd] { try? end.close() }
  }

  static func text(_ descriptor: FileDescriptor) throws -> String {
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = try unsafe bytes.withUnsafeMutableBytes { try unsafe descriptor.read(into: $0) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

@Test func theEscapeKeyLeavesAndIsNotPassedOn() throws {
  let visit = try Visit()
  defer { visit.close() }
  try visit.input.writeEnd.writeAll(Array("ls\r\u{1d}never".utf8))
  #expect(visit.run() == .left)
  #expect(try Visit.text(visit.socket.theirs) == "ls\r")
  try visit.socket.theirs.close()
}

@Test func whatTheGuestSaysIsShownUntilItIsGone() throws {
  let visit = try Visit()
  defer { visit.close() }
  try visit.socket.theirs.writeAll(Array("login: ".utf8))
  try visit.socket.theirs.close()
  #expect(visit.run() == .closed)
  #expect(try Visit.text(visit.output.readEnd) == "login: ")
}

@Test func anInterruptAndTheEndOfTheInputEndTheVisit() throws {
  let visit = try Visit()
  defer { visit.close() }
  #expect(visit.run { true } == .interrupted)
  try visit.input.writeEnd.close()
  #expect(visit.run() == .left)
  try visit.socket.theirs.close()
}

@Test func theTerminalIsRawOnlyMeanwhile() throws {
  let main = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
  try #require(main >= 0)
  defer { _ = close(main) }
  // TIOCSPTLCK and TIOCGPTPEER (ioctl_tty(2)), which Swift does not import.
  var isLocked: Int32 = 0
  try #require(unsafe ioctl(main, 0x4004_5431, &isLocked) == 0)
  let terminal = ioctl(main, 0x5441, O_RDWR | O_NOCTTY)
  try #require(terminal >= 0)
  defer { _ = close(terminal) }
  func modes() -> UInt32 {
    var state = termios()
    _ = unsafe tcgetattr(terminal, &state)
    return state.c_lflag
  }
  let before = modes()
  #expect(Terminal.raw(terminal) { modes() } & UInt32(ICANON | ECHO | ISIG) == 0)
  #expect(modes() == before && before & UInt32(ICANON) != 0)
}
