import CLinux
import Glibc

/// A connection to the monitor of a QEMU (QMP). A monitor serves one connection at a time: a second one gets no
/// greeting until the first is closed, so everything has a deadline. Closed with the value.
package struct Monitor: ~Copyable, Sendable {
  private let descriptor: Int32
  private var received: [UInt8] = []
  private var isNegotiated = false
  private var lastID: Int64 = 0
  /// What QEMU told without being asked, in order, since the connection was made.
  package private(set) var events: [MonitorEvent] = []

  /// An answer with everything that QEMU may say fits many times.
  private static let longestLine = 16 << 20

  /// Takes a connected, non-blocking socket.
  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { _ = close(descriptor) }

  /// Connects to the unix socket `name` in the folder that `directory` is an open descriptor of.
  package static func connect(directory: Int32, name: String) throws(QMPError) -> Monitor {
    let descriptor = unsafe meros_connect_unix(directory, name)
    guard descriptor >= 0 else { throw .system(errno: -descriptor, call: "connect") }
    return Monitor(descriptor: descriptor)
  }

  /// For waiting.
  package var pollDescriptor: Int32 { descriptor }

  /// The process that listens on the other side; nil when the kernel does not say.
  package var peer: Int32? {
    let pid = meros_peer_pid(descriptor)
    return pid > 0 ? pid : nil
  }

  /// Sends one command and returns what it answers.
  @discardableResult
  package mutating func execute(
    _ command: String, _ arguments: [String: JSON] = [:], until deadline: ContinuousClock.Instant
  ) async throws(QMPError) -> JSON {
    try await execute([(command, arguments)], until: deadline)[0]
  }

  /// Gives QEMU a copy of the descriptor with a command that takes one: `getfd`, `add-fd`.
  package mutating func execute(
    _ command: String, _ arguments: [String: JSON] = [:], giving descriptor: Int32,
    until deadline: ContinuousClock.Instant
  ) async throws(QMPError) -> JSON {
    try await execute([(command, arguments)], giving: descriptor, until: deadline)[0]
  }

  /// Sends the commands at once and returns their answers in the same order: one way there and back for all of them.
  /// The first that is refused is thrown.
  package mutating func execute(
    _ commands: [(name: String, arguments: [String: JSON])], giving given: Int32? = nil,
    until deadline: ContinuousClock.Instant
  ) async throws(QMPError) -> [JSON] {
    // The greeting need not be awaited: QEMU reads what was sent before it.
    let all = isNegotiated ? commands : [("qmp_capabilities", [:])] + commands
    let first = lastID + 1
    var text = ""
    for (name, arguments) in all {
      lastID += 1
      var message: [String: JSON] = ["execute": .string(name), "id": .integer(lastID)]
      if !arguments.isEmpty { message["arguments"] = .object(arguments) }
      text += "\(JSON.object(message))\n"
    }
    try await send(Array(text.utf8), giving: given, until: deadline)

    var answers: [Int64: JSON] = [:]
    while answers.count < all.count {
      let message = try await nextMessage(until: deadline)
      guard let id = message["id"]?.integer, (first...lastID).contains(id) else { continue }
      if let fault = message["error"] {
        throw .refused(
          command: all[Int(id - first)].name, class: fault["class"]?.string ?? "",
          description: fault["desc"]?.string ?? "")
      }
      guard let answer = message["return"] else { throw .malformed }
      answers[id] = answer
    }
    let wanted = isNegotiated ? first : first + 1
    isNegotiated = true
    return wanted > lastID ? [] : (wanted...lastID).map { answers[$0] ?? .null }
  }

  /// Waits for an event of this name with such data, one that came already included.
  package mutating func awaitEvent(
    _ name: String, until deadline: ContinuousClock.Instant, where isSuch: (JSON) -> Bool
  ) async throws(QMPError) {
    while !events.contains(where: { $0.name == name && isSuch($0.data) }) {
      _ = try await nextMessage(until: deadline)
    }
  }

  /// Waits for an event of this name, one that came already included.
  package mutating func awaitEvent(
    _ name: String, until deadline: ContinuousClock.Instant
  ) async throws(QMPError) -> MonitorEvent {
    while true {
      if let event = events.last(where: { $0.name == name }) { return event }
      _ = try await nextMessage(until: deadline)
    }
  }

  /// Begins to hear events and waits for nothing: whatever is answered is not looked at. For a monitor that is given no
  /// other commands.
  package mutating func listen() throws(QMPError) {
    isNegotiated = true
    // A socket that was just connected has room for it.
    let bytes = Array("{\"execute\":\"qmp_capabilities\"}\n".utf8)
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard count == bytes.count else { throw errno == EPIPE ? .closed : .system(errno: errno, call: "send") }
  }

  /// The events that came since the last time, without waiting for more. Throws `closed` once QEMU has closed the
  /// connection and all that it had said was taken.
  package mutating func takeEvents() throws(QMPError) -> [MonitorEvent] {
    var isClosed = false
    do throws(QMPError) {
      while try receiveOnce() {
        guard received.count < Self.longestLine else { throw .malformed }
      }
    } catch .closed {
      isClosed = true
    }
    while try nextLine() != nil {}
    if isClosed, events.isEmpty { throw .closed }
    defer { events = [] }
    return events
  }

  /// The next line; an event is kept besides.
  private mutating func nextMessage(until deadline: ContinuousClock.Instant) async throws(QMPError) -> JSON {
    while true {
      if let message = try nextLine() { return message }
      guard received.count < Self.longestLine else { throw .malformed }
      try await receive(until: deadline)
    }
  }

  /// Of what was received; nil where no line is whole. An event is kept besides.
  private mutating func nextLine() throws(QMPError) -> JSON? {
    guard let end = received.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let message = JSON(parsing: received[..<end])
    received.removeSubrange(...end)
    guard let message else { throw .malformed }
    if let event = MonitorEvent(message) { events.append(event) }
    return message
  }

  private mutating func receive(until deadline: ContinuousClock.Instant) async throws(QMPError) {
    var pace = Pace(until: deadline)
    while try !receiveOnce() { try await pace.wait() }
  }

  /// False where nothing has come.
  private mutating func receiveOnce() throws(QMPError) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    if count == 0 { throw .closed }
    guard count < 0 else {
      received += buffer[..<count]
      return true
    }
    guard errno == EAGAIN || errno == EINTR else {
      throw errno == ECONNRESET ? .closed : .system(errno: errno, call: "recv")
    }
    return false
  }

  private func send(
    _ bytes: [UInt8], giving given: Int32?, until deadline: ContinuousClock.Instant
  ) async throws(QMPError) {
    var pace = Pace(until: deadline)
    var rest = bytes[...]
    var given = given
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { bytes in
        if let given { return unsafe meros_send_descriptor(descriptor, bytes.baseAddress, bytes.count, given) }
        let count = unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        return count < 0 ? -Int(errno) : count
      }
      if count >= 0 {
        given = nil
        rest = rest.dropFirst(count)
      } else if count == -Int(EAGAIN) || count == -Int(EINTR) {
        try await pace.wait()
      } else {
        throw count == -Int(EPIPE) ? .closed : .system(errno: Int32(-count), call: "send")
      }
    }
  }
}

/// Waits that grow: a QEMU at rest answers within a fraction of a millisecond, and a busy one must not be asked for
/// in a circle. No thread is held meanwhile.
private struct Pace {
  let deadline: ContinuousClock.Instant
  private var next = Duration.microseconds(200)

  init(until deadline: ContinuousClock.Instant) { self.deadline = deadline }

  mutating func wait() async throws(QMPError) {
    let now = ContinuousClock.now
    guard now < deadline else { throw .timeout }
    do {
      try await Task.sleep(until: min(now + next, deadline), tolerance: .zero, clock: .continuous)
    } catch {
      throw .cancelled
    }
    next = min(next * 3 / 2, .milliseconds(10))
  }
}
