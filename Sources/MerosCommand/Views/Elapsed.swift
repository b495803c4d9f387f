extension Duration {
  /// As a person counts: `0s`, `59s`, `1m05s`, `2h00m`.
  var elapsed: String {
    let seconds = Int(components.seconds)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return switch seconds {
    case ..<60: "\(seconds)s"
    case ..<3600: "\(seconds / 60)m\(two(seconds % 60))s"
    default: "\(seconds / 3600)h\(two(seconds / 60 % 60))m"
    }
  }

  /// Of what is only estimated: at least `1s`.
  var roughly: String { Duration.seconds(roughSeconds).elapsed }

  /// Rounded up.
  var roughSeconds: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}
