import Host
import Network

/// Limits as the files of a group hold them.
extension MachineLimits {
  /// In microseconds: what the share of a processor is counted in, the kernel's own.
  private static let period = 100_000

  /// - Parameter device: "8:0", whose input and output is limited; nil: nobody's.
  init(in group: ControlGroup, device: String?) throws(HostError) {
    let cpu = try group.lines("cpu.max").first ?? []
    var percent: Int?
    if cpu.count == 2, let quota = Int(cpu[0]), let period = Int(cpu[1]), period > 0 { percent = quota * 100 / period }
    let memory = try group.lines("memory.max").first?.first.flatMap { UInt64($0) }
    let rates = try group.lines("io.max").first { $0.first == device } ?? []
    func rate(_ name: String) -> UInt64? {
      rates.first { $0.hasPrefix("\(name)=") }.flatMap { UInt64($0.dropFirst(name.utf8.count + 1)) }
    }
    let io = rate("rbps") == rate("wbps") ? rate("rbps") : nil
    self.init(cpuPercent: percent)
    self.memory = memory.map { ByteCount(bytes: $0) }
    self.io = io.map { ByteCount(bytes: $0) }
  }

  /// What is written into which file; a controller that limits nothing is left alone where it is not there.
  func files(device: String?) -> [(controller: String, file: String, text: String)] {
    var all = [
      ("cpu", "cpu.max", "\(cpuPercent.map { "\($0 * Self.period / 100)" } ?? "max") \(Self.period)"),
      ("memory", "memory.max", memory.map { "\($0.bytes)" } ?? "max"),
    ]
    if let device {
      let rate = io.map { "\($0.bytes)" } ?? "max"
      all.append(("io", "io.max", "\(device) rbps=\(rate) wbps=\(rate)"))
    }
    return all
  }
}
