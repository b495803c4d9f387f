/// An amount of memory or disk, in bytes.
package struct ByteCount: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var bytes: UInt64

  package init(bytes: UInt64) { self.bytes = bytes }

  /// nil where the product does not fit 64 bits.
  package init?(mebibytes: UInt64) {
    let (product, overflow) = mebibytes.multipliedReportingOverflow(by: 1 << 20)
    guard !overflow else { return nil }
    bytes = product
  }

  /// Rounded down.
  package var mebibytes: UInt64 { bytes >> 20 }

  /// The largest binary unit that divides it: `2G`, `512M`, `4K`, `100`.
  package var description: String {
    for (shift, unit) in [(40, "T"), (30, "G"), (20, "M"), (10, "K")] where bytes > 0 {
      if bytes & ((1 << UInt64(shift)) - 1) == 0 { return "\(bytes >> UInt64(shift))\(unit)" }
    }
    return "\(bytes)"
  }

  package static func < (a: Self, b: Self) -> Bool { a.bytes < b.bytes }
}
