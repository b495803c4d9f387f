import Glibc
import SystemPackage

/// A person at the serial console of a VM.
struct SerialConsole {
  /// Does not block.
  let socket: FileDescriptor
  let input: FileDescriptor
  let output: FileDescriptor
  /// Asked several times a second.
  let isInterrupted: () -> Bool

  enum Ending: Equatable {
    /// The escape key, or the end of the input.
    case left
    /// The VM is gone.
    case closed
    case interrupted
  }

  /// Ctrl-]
  static let escape: UInt8 = 0x1d

  /// Passes bytes both ways until it ends.
  func run() -> Ending {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while !isInterrupted() {
      var descriptors = [
        pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0),
        pollfd(fd: input.rawValue, events: Int16(POLLIN), revents: 0),
      ]
      // A signal may be taken by another thread, so it is looked for now and then. In milliseconds.
      guard unsafe poll(&descriptors, 2, 100) > 0 else { continue }
      if descriptors[0].revents != 0 {
        let count = unsafe read(socket.rawValue, &buffer, buffer.count)
        if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { return .closed }
        if count > 0, !send(buffer[..<count], to: output) { return .left }
      }
      if descriptors[1].revents != 0 {
        let count = unsafe read(input.rawValue, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return .left }
        let typed = buffer[..<count]
        let end = typed.firstIndex(of: Self.escape)
        if !send(typed[..<(end ?? count)], to: socket) { return .closed }
        if end != nil { return .left }
      }
    }
    return .interrupted
  }

  /// False when nobody takes it any more.
  private func send(_ bytes: ArraySlice<UInt8>, to descriptor: FileDescriptor) -> Bool {
    var rest = bytes
    while !rest.isEmpty, !isInterrupted() {
      let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor.rawValue, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var room = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&room, 1, 100)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }
}
