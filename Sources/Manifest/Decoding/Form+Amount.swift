import Network

extension Form where Value == ByteCount {
  /// A bare number counts MiB.
  static let memory = Form.read("an amount of memory, up to 16T", like: "512M, 2G, or a bare number of MiB") {
    ByteCount($0, bareUnit: 1 << 20).flatMap { (1...(1 << 44)).contains($0.bytes) ? $0 : nil }
  }
  static let diskSize = Form.read("a size with a unit, up to 64T", like: "10G") {
    ByteCount($0).flatMap { (1...(1 << 46)).contains($0.bytes) ? $0 : nil }
  }
  static let rate = Form.read("bytes in a second, with a unit", like: "100M") {
    ByteCount($0).flatMap { $0.bytes > 0 ? $0 : nil }
  }
  /// A number of MiB, none included.
  static let mebibytes = Form.read("a number of MiB", like: "500") { text in
    UInt64(text).flatMap { $0 <= 1 << 26 ? ByteCount(mebibytes: $0) : nil }
  }
  /// A number of GiB.
  static let gibibytes = Form.read("a number of GiB", like: "20") { text in
    UInt64(text).flatMap { (1...(1 << 16)).contains($0) ? ByteCount(mebibytes: $0 << 10) : nil }
  }
}

extension Form where Value == Duration {
  /// A bare number counts seconds.
  static let duration = Form.read("a time", like: "120s, 5m, or a bare number of seconds") { text in
    let digits = text.prefix { ("0"..."9").contains($0) }
    guard let number = Int64(digits), (1...86_400_000).contains(number) else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": return .milliseconds(number)
    case "", "s": return .seconds(number)
    case "m", "min": return .seconds(number * 60)
    case "h": return .seconds(number * 3600)
    default: return nil
    }
  }
}

extension Form where Value == Int {
  static let percent = Form.read("a share of one processor", like: "150%") { text in
    guard text.hasSuffix("%"), let number = Int(text.dropLast()), (1...100_000).contains(number) else { return nil }
    return number
  }
}
