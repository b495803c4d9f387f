import Host
import LinuxHost
import Reconcile

/// One log and how its lines are told from others'.
struct LogSource {
  enum Speaker: String {
    /// The guest, on its serial console.
    case guest
    case qemu
    /// What built a kernel, a root file system or an image.
    case build
  }

  /// The VM's name, or the address of what was built.
  let name: String
  let speaker: Speaker
  let reader: LogReader

  static func machines(_ entries: [Roster.Entry], of constellation: String, in data: DataDirectory) -> [LogSource] {
    entries.flatMap { entry in
      [
        LogSource(
          name: entry.name, speaker: .qemu, reader: LogReader(data.qemuLog(entry.name, of: constellation))),
        LogSource(
          name: entry.name, speaker: .guest, reader: LogReader(data.serialLog(entry.name, of: constellation))),
      ]
    }
  }

  /// Of what the graph wants to have built.
  static func builds(of graph: ResourceGraph, in data: DataDirectory) -> [LogSource] {
    graph.order.compactMap { address in
      StoreKind(rawValue: address.kind).map { kind in
        LogSource(name: "\(address)", speaker: .build, reader: LogReader(data.buildLog(kind, address.name)))
      }
    }
  }
}
