import Glibc
import Synchronization

/// An interrupt ends the run between two measurements, so that everything is put away.
enum Interrupt {
  fileprivate static let isRequested = Atomic<Bool>(false)

  static func watch() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in Interrupt.isRequested.store(true, ordering: .relaxed) }
    }
  }

  static func check() throws(Interrupted) {
    if isRequested.load(ordering: .relaxed) { throw Interrupted() }
  }
}

struct Interrupted: Error {}
