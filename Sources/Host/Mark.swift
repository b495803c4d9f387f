import Network

/// The random identity of a data directory: 16 lower-case hexadecimal digits, made once.
package struct DataIdentity: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  /// nil unless it is 16 lower-case hexadecimal digits.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == 16, text.utf8.allSatisfy(isLowerHexadecimal) else { return nil }
    self.text = String(text)
  }

  package var description: String { text }
}

/// Whose things are looked at: one constellation of one data directory.
package struct Scope: Hashable, Sendable {
  package var constellation: String
  package var data: DataIdentity

  package init(constellation: String, data: DataIdentity) {
    self.constellation = constellation
    self.data = data
  }

  /// The group of links of this constellation: 0x6d (`m`) above 24 bits that its name and data directory give.
  package var linkGroup: UInt32 { 0x6d00_0000 | number }

  /// The uid that its QEMUs run as, 0x70000000...0x70ffffff: a range that no distribution or container tool hands out.
  package var uid: UInt32 { 0x7000_0000 | number }

  /// Every uid that some scope may have.
  package static let uids: ClosedRange<UInt32> = 0x7000_0000...0x70ff_ffff

  /// 24 bits of FNV-1a: stable between runs and machines, unlike `Hasher`.
  private var number: UInt32 {
    let hash = stableHash("\(constellation)/\(data)")
    return UInt32(truncatingIfNeeded: hash ^ hash >> 24 ^ hash >> 48) & 0x00ff_ffff
  }
}

/// The mark that a thing of ours carries: whose it is and which resource it is.
package struct Mark: Hashable, Sendable, CustomStringConvertible {
  package var scope: Scope
  /// The resource, "tap.web-lan".
  package var address: String

  package init(scope: Scope, address: String) {
    self.scope = scope
    self.address = address
  }

  /// `meros:CONSTELLATION:DATA:ADDRESS`, at most 255 bytes.
  package var description: String { "meros:\(scope.constellation):\(scope.data):\(address)" }

  /// Reads what `description` writes; nil for anything else, so for what is not ours.
  package init?(_ text: some StringProtocol) {
    // Every link of the host is asked for its mark, several times.
    let parts = String(text).utf8.split(
      separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].elementsEqual("meros".utf8), let data = DataIdentity(Substring(parts[2])) else {
      return nil
    }
    scope = Scope(constellation: String(Substring(parts[1])), data: data)
    address = String(Substring(parts[3]))
  }
}

/// FNV-1a of 64 bits: names that must be the same in every run are made from it. Not for anything that must resist an
/// adversary.
package func stableHash(_ text: String) -> UInt64 {
  text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
}
