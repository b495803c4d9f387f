import Network

/// The name that a person gives a snapshot: at most 63 letters, digits, `.`, `_` and `-`, beginning with a letter or digit.
package struct SnapshotName: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  /// nil for what is no such name.
  package init?(_ text: some StringProtocol) {
    func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    guard (1...63).contains(text.utf8.count), let first = text.utf8.first, isWord(first),
      text.utf8.allSatisfy({ isWord($0) || ".-_".utf8.contains($0) })
    else { return nil }
    self.text = String(text)
  }

  package var description: String { text }
}

/// What the snapshot of a disk is called: enough to put a group together again from the disks alone.
package struct SnapshotTag: Hashable, Sendable, CustomStringConvertible {
  package var constellation: String
  package var name: SnapshotName
  /// 16 lower-case hexadecimal digits, the same for all that was saved at once and for nothing else.
  package var group: String
  /// How many VMs the group has.
  package var machineCount: Int
  /// What its VM did.
  package var power: Power
  /// What its VM was.
  package var shape: MachineShape

  package enum Power: String, Hashable, Sendable {
    case running
    /// A person let it stand still.
    case paused
    case off
  }

  package init(
    constellation: String, name: SnapshotName, group: String, machineCount: Int, power: Power, shape: MachineShape
  ) {
    self.constellation = constellation
    self.name = name
    self.group = group
    self.machineCount = machineCount
    self.power = power
    self.shape = shape
  }

  /// `meros:CONSTELLATION:NAME:GROUP:COUNT:POWER:SHAPE`, less than the 255 bytes that QEMU keeps.
  package var description: String {
    "meros:\(constellation):\(name):\(group):\(machineCount):\(power.rawValue):\(shape)"
  }

  /// Reads what `description` writes; nil for anything else, so for snapshots that are not ours.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 7, parts[0] == "meros", let name = SnapshotName(parts[2]), parts[3].utf8.count == 16,
      parts[3].utf8.allSatisfy(isLowerHexadecimal), let count = Int(parts[4]), count > 0,
      let power = Power(rawValue: String(parts[5])), let shape = MachineShape(parts[6])
    else { return nil }
    self.init(
      constellation: String(parts[1]), name: name, group: String(parts[3]), machineCount: count, power: power,
      shape: shape)
  }
}

/// What a machine is made of, as digests: memory that was saved goes into an equal machine alone.
package struct MachineShape: Hashable, Sendable, CustomStringConvertible {
  private var digests: [Part: String] = [:]

  package enum Part: String, CaseIterable, Hashable, Sendable {
    case memory, cpus, disks, networks
    /// Everything else that was written.
    case rest
    /// Where devices sit, which a change of a running machine and its next start do not do alike.
    case layout
  }

  package init() {}

  /// Takes what the part is made of.
  package mutating func set(_ part: Part, to text: String) {
    digests[part] = hexadecimal(UInt32(truncatingIfNeeded: stableHash(text)), digits: 8)
  }

  /// The parts in which the two differ.
  package func differences(from other: MachineShape) -> [Part] {
    Part.allCases.filter { digests[$0] != other.digests[$0] }
  }

  /// `memory=0123abcd,cpus=…`
  package var description: String {
    Part.allCases.compactMap { part in digests[part].map { "\(part.rawValue)=\($0)" } }.joined(separator: ",")
  }

  /// Reads what `description` writes; nil for anything else.
  package init?(_ text: some StringProtocol) {
    for member in text.split(separator: ",") {
      let pair = member.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, let part = Part(rawValue: String(pair[0])), pair[1].utf8.count == 8,
        pair[1].utf8.allSatisfy(isLowerHexadecimal)
      else { return nil }
      digests[part] = String(pair[1])
    }
  }
}
