import Glibc
import Synchronization

/// Interrupts of this process, counted. A signal handler may do little: this one adds to a number and writes
/// a byte.
enum Signals {
  private static let interrupts = Atomic(0)

  static var interruptCount: Int { interrupts.load(ordering: .relaxed) }

  /// Two ends of a socket, one of which each interrupt that is counted writes into, for whoever waits in `poll` at the
  /// other: the signal itself may reach another thread. -1 where there is none to be had.
  private static let wake: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    return unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 ? (ends[0], ends[1]) : (-1, -1)
  }()

  /// Readable from the first interrupt on.
  static var descriptor: Int32 { wake.read }

  /// From now on SIGINT, SIGTERM and SIGHUP are counted instead of ending the process; the third one ends it. Children get
  /// the usual behaviour back when they are started.
  /// - Parameter outlivesReader: a reader of our output that goes away does not end the process either.
  static func count(outlivesReader: Bool = true) {
    // The number and the socket are made before a handler can ask for them.
    _ = (interruptCount, descriptor)
    for signal in [SIGINT, SIGTERM, SIGHUP] { install(signal, handler) }
    if outlivesReader { install(SIGPIPE) { _ in } }
  }

  private static let handler: @convention(c) (Int32) -> Void = { signal in
    if interrupts.add(1, ordering: .relaxed).newValue >= 2 { _ = Glibc.signal(signal, SIG_DFL) }
    let reason = errno
    var byte: UInt8 = 1
    _ = unsafe write(wake.write, &byte, 1)
    errno = reason
  }

  private static func install(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    // System calls under way go on: what is being done does not fail because somebody wants it to end.
    action.sa_flags = SA_RESTART
    _ = unsafe sigaction(signal, &action, nil)
  }
}
