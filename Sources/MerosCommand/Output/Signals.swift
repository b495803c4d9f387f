import Glibc
import Synchronization

/// Interrupts of this process, counted. A signal handler may do nothing but add to a number, so that is all it does.
enum Signals {
  private static let interrupts = Atomic(0)

  static var interruptCount: Int { interrupts.load(ordering: .relaxed) }

  /// From now on SIGINT, SIGTERM and SIGHUP are counted instead of ending the process; the third one ends it. A reader
  /// of our output that goes away does not end it either. Children get the usual behaviour back when they are started.
  static func count() {
    // The number is made before a handler can ask for it.
    _ = interruptCount
    for signal in [SIGINT, SIGTERM, SIGHUP] { install(signal, handler) }
    install(SIGPIPE) { _ in }
  }

  private static let handler: @convention(c) (Int32) -> Void = { signal in
    if interrupts.add(1, ordering: .relaxed).newValue >= 2 { _ = Glibc.signal(signal, SIG_DFL) }
  }

  private static func install(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    // System calls under way go on: what is being done does not fail because somebody wants it to end.
    action.sa_flags = SA_RESTART
    _ = unsafe sigaction(signal, &action, nil)
  }
}
