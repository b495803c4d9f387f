extension ByteCount {
  /// Reads digits and a unit, all binary, in either case: `512M`, `2G`, `10GiB`, `4kb`. nil for anything else, for a bare number
  /// where `bareUnit` is nil, and for what does not fit 64 bits.
  /// - Parameter bareUnit: what a number without a unit counts, in bytes.
  package init?(_ text: some StringProtocol, bareUnit: UInt64? = nil) {
    let digits = text.prefix { ("0"..."9").contains($0) }
    guard let number = UInt64(digits) else { return nil }
    let unit: UInt64
    switch text.dropFirst(digits.count).lowercased() {
    case "": guard let bareUnit else { return nil }; unit = bareUnit
    case "k", "kb", "kib": unit = 1 << 10
    case "m", "mb", "mib": unit = 1 << 20
    case "g", "gb", "gib": unit = 1 << 30
    case "t", "tb", "tib": unit = 1 << 40
    default: return nil
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self.init(bytes: bytes)
  }
}
