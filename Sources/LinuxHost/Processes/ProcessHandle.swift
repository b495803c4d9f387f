import CLinux
import Glibc
import Host

/// A process that cannot turn into another one while we hold it (pidfd). Closed with the value.
struct ProcessHandle: ~Copyable, Sendable {
  private let descriptor: Int32

  /// Takes a pidfd over.
  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { _ = close(descriptor) }

  /// nil when there is no such process.
  static func open(pid: Int32) -> ProcessHandle? {
    let descriptor = meros_pidfd_open(pid)
    return descriptor < 0 ? nil : ProcessHandle(descriptor: descriptor)
  }

  /// For waiting; it becomes readable when the process has ended.
  var pollDescriptor: Int32 { descriptor }

  /// It ended, reaped or not.
  var hasEnded: Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&state, 1, 0) > 0
  }

  /// Waits until it has ended; false when the deadline comes first.
  func awaitEnd(until deadline: ContinuousClock.Instant) async -> Bool {
    var pause = Duration.milliseconds(1)
    while !hasEnded {
      guard ContinuousClock.now < deadline else { return false }
      // A cancelled wait ends early, and the caller goes on to the next, harder means.
      if (try? await Task.sleep(for: pause)) == nil { return hasEnded }
      pause = min(pause * 3 / 2, .milliseconds(20))
    }
    return true
  }

  func kill() { _ = meros_pidfd_kill(descriptor, SIGKILL) }

  /// Asks it to end.
  func terminate() { _ = meros_pidfd_kill(descriptor, SIGTERM) }

  /// Asks it to read its files anew. False when it is gone.
  func reload() -> Bool { meros_pidfd_kill(descriptor, SIGHUP) == 0 }

  /// How it ended; nil while it runs, and for a process that is not our child.
  func reap() -> ProgramFailure.Termination? {
    var status: Int32 = 0
    guard unsafe meros_pidfd_reap(descriptor, &status) == 1 else { return nil }
    return status < 0 ? .signalled(-status) : .exited(status)
  }
}
