import Diagnostics
import Manifest
import Network

/// What a constellation asks of the host.
struct Demand: Equatable, Sendable {
  var constellation: String
  /// Of all its machines together.
  var memory: ByteCount
  /// What its data disks may grow to.
  var disks: ByteCount
  /// What its machines run on.
  var architectures: Set<String>

  init(constellation: String, memory: ByteCount, disks: ByteCount, architectures: Set<String> = ["x86_64"]) {
    self.constellation = constellation
    self.memory = memory
    self.disks = disks
    self.architectures = architectures
  }

  init(_ manifest: Manifest) {
    let machines = manifest.virtualMachines
    self.init(
      constellation: manifest.name.value,
      memory: ByteCount(bytes: machines.reduce(0) { $0 + $1.memory.value.bytes }),
      disks: ByteCount(bytes: machines.flatMap(\.disks).reduce(0) { $0 + $1.size.value.bytes }),
      architectures: Set(machines.map(\.arch.value.rawValue)))
  }
}
