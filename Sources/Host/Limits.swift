package import Network

/// What a machine may take of the host; nil: no limit.
package struct MachineLimits: Hashable, Sendable {
  /// Per cent of one processor.
  package var cpuPercent: Int?
  /// Of QEMU and the guest together; a multiple of every page size, since the kernel counts in pages.
  package var memory: ByteCount?
  /// Bytes in a second, reading and writing each.
  package var io: ByteCount?

  package init(cpuPercent: Int? = nil, memory: ByteCount? = nil, io: ByteCount? = nil) {
    self.cpuPercent = cpuPercent
    self.memory = memory.map { ByteCount(bytes: ($0.bytes + Self.page - 1) / Self.page * Self.page) }
    self.io = io
  }

  /// The largest that Linux has, in bytes.
  private static let page: UInt64 = 64 << 10

  /// The controllers of cgroup v2 that hold them, sorted.
  package var controllers: [String] {
    [cpuPercent.map { _ in "cpu" }, io.map { _ in "io" }, memory.map { _ in "memory" }].compactMap { $0 }
  }

  /// By the keys of the manifest.
  package var attributes: [String: String] {
    var all: [String: String] = [:]
    if let cpuPercent { all["cpu"] = "\(cpuPercent)%" }
    if let memory { all["memory"] = "\(memory)" }
    if let io { all["io"] = "\(io)" }
    return all
  }
}

/// The limits of a machine as the kernel holds them.
package struct ObservedLimits: Hashable, Sendable {
  /// The machine's.
  package var name: String
  package var limits: MachineLimits
  /// They hold for its QEMU; true also where none runs.
  package var holdProcess: Bool

  package init(name: String, limits: MachineLimits, holdProcess: Bool = true) {
    self.name = name
    self.limits = limits
    self.holdProcess = holdProcess
  }
}

package protocol Limits: Sendable {
  /// Those of the controllers `cpu`, `memory` and `io` that this machine offers.
  func controllers() async throws(HostError) -> Set<String>
  func limits(of scope: Scope) async throws(HostError) -> [ObservedLimits]
  /// Makes them hold for the machine, when it runs and whenever it is started.
  func set(_ limits: MachineLimits, _ name: String, of scope: Scope) async throws(HostError)
  /// Takes them away, also from a machine that runs.
  func remove(_ name: String, of scope: Scope) async throws(HostError)
}
