import ArgumentParser

extension Retention.Keep: ExpressibleByArgument {
  /// "3", or a time with its unit: "90m", "36h", "14d".
  package init?(argument: String) {
    let digits = argument.prefix { ("0"..."9").contains($0) }
    guard let number = Int64(digits), number <= 1_000_000 else { return nil }
    switch argument.dropFirst(digits.count) {
    case "": self = .newest(Int(number))
    case "m": self = .age(.seconds(number * 60))
    case "h": self = .age(.seconds(number * 3600))
    case "d": self = .age(.seconds(number * 86_400))
    default: return nil
    }
  }
}
