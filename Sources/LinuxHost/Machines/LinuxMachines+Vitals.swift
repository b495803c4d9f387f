import Glibc
package import Host
import Network

extension LinuxMachines {
  package func vitals(of pids: [Int32]) async -> [Int32: MachineVitals] {
    var now = timespec()
    let ticks = sysconf(Int32(_SC_CLK_TCK))
    guard unsafe clock_gettime(CLOCK_BOOTTIME, &now) == 0, ticks > 0 else { return [:] }
    func duration(ofTicks count: Int) -> Duration { .milliseconds(count * 1000 / ticks) }
    let up = Duration.seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
    var all: [Int32: MachineVitals] = [:]
    for pid in pids {
      // A process that ended meanwhile has none.
      guard let stat = Self.words("/proc/\(pid)/stat"), stat.count > 19, let user = Int(stat[11]),
        let system = Int(stat[12]), let start = Int(stat[19]),
        let memory = Self.words("/proc/\(pid)/statm", after: nil),
        memory.count > 1, let pages = UInt64(memory[1])
      else { continue }
      all[pid] = MachineVitals(
        uptime: max(.zero, up - duration(ofTicks: start)), processorTime: duration(ofTicks: user + system),
        residentMemory: ByteCount(bytes: pages * UInt64(getpagesize())))
    }
    return all
  }

  /// The words of the file behind the last of these characters: the name of a program may hold anything.
  private static func words(_ path: String, after mark: UInt8? = UInt8(ascii: ")")) -> [String]? {
    guard let bytes = try? SmallFile.read(path, limit: 2048) else { return nil }
    let start = mark.flatMap { mark in bytes.lastIndex(of: mark).map { $0 + 1 } } ?? 0
    return bytes[start...].split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }).map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}
