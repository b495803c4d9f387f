import Diagnostics
import Network

extension Manifest {
  /// A MAC is that of one station, and is there once.
  func checkMACs(_ faults: inout Diagnostics) {
    var first: [MACAddress: SourceLocation] = [:]
    for mac in virtualMachines.flatMap({ $0.networks.compactMap(\.mac) }) {
      if !mac.value.isUnicast {
        let unicast = MACAddress(value: mac.value.value & ~(1 << 40))
        faults.error(
          "\(mac.value) is the address of a group, not of one station", at: mac.location, remedy: "write \(unicast)")
      } else if mac.value.value == 0 {
        faults.error(
          "\(mac.value) is nobody's address", at: mac.location,
          remedy: "write another, or leave it out to have one made")
      } else if let other = first[mac.value] {
        faults.error(
          "the address \(mac.value) is there twice", at: mac.location,
          remedy: "write another, or leave it out to have one made", related: [.init("first written here", at: other)])
      } else {
        first[mac.value] = mac.location
      }
    }
  }

  /// Networks' labels are there once in the constellation; disks' labels and mount points once in their VM.
  func checkLabels(_ faults: inout Diagnostics) {
    Self.checkOnce(virtualMachines.flatMap { $0.networks.compactMap(\.label) }, "the label", &faults)
    for machine in virtualMachines where machine.disks.count > 1 {
      Self.checkOnce(machine.disks.map(\.label), "the disk", &faults)
      Self.checkOnce(machine.disks.compactMap(\.mountPoint), "the mount point", &faults)
    }
  }

  private static func checkOnce(_ names: [Located<String>], _ noun: String, _ faults: inout Diagnostics) {
    var first: [String: SourceLocation] = [:]
    for name in names {
      if let other = first[name.value] {
        faults.error(
          "\(noun) \(name.value) is there twice", at: name.location, remedy: "choose another",
          related: [.init("first written here", at: other)])
      } else {
        first[name.value] = name.location
      }
    }
  }
}
