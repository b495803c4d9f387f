import Host
import Network
import Reconcile
import Resources

/// Since when something is what it is.
struct Since: Equatable, Sendable {
  /// In seconds since 1970.
  var second: Int64
  /// What happened then: "its process started".
  var words: String

  init(second: Int64, words: String) {
    self.second = second
    self.words = words
  }

  /// The start of its process, its build, the mark of its disk; nil where nobody notes it.
  ///
  /// - Parameters:
  ///   - found: as it was observed.
  ///   - vitals: of processes, by their ids.
  init?(of found: Any?, _ vitals: [Int32: MachineVitals], now: Int64) {
    if let pid = Self.pid(of: found) {
      guard let uptime = vitals[pid]?.uptime else { return nil }
      self.init(second: now - uptime.components.seconds, words: "its process, \(pid), started")
      return
    }
    switch found {
    case let disk as Disk.Observed:
      guard let second = disk.disk.madeAt else { return nil }
      self.init(second: second, words: "it was made")
    case let entry as StoreEntry:
      guard let second = entry.builtAt else { return nil }
      self.init(second: second, words: "it was built, in \(entry.duration.elapsed)")
    default: return nil
    }
  }

  /// The processes whose age is to be asked for.
  static func processes(in observation: Observation) -> [Int32] {
    observation.resources.values.compactMap { pid(of: $0.value) }
  }

  private static func pid(of found: Any?) -> Int32? {
    switch found {
    case let vm as ObservedVirtualMachine: vm.machine?.pid
    case let server as Nameserver.Observed: server.server.pid
    default: nil
    }
  }
}
