import Reachability

/// Who can newly reach whom and who no longer can, line by line.
struct ReachabilityChangeView {
  private let difference: ReachabilityDifference

  init(_ difference: ReachabilityDifference) { self.difference = difference }

  /// More are counted and not shown.
  private static let limit = 60

  func text(_ paint: Paint) -> String {
    let lines =
      difference.added.map { paint("  + \(text($0))", .good) }
      + difference.removed.map { paint("  - \(text($0))", .bad) }
    let rest = lines.count > Self.limit ? ["  … \(lines.count - Self.limit) more"] : []
    return (lines.prefix(Self.limit) + rest).map { "\($0)\n" }.joined()
  }

  private func text(_ line: ReachabilityLine) -> String {
    line.doubt.map { "\(line), perhaps: \($0)" } ?? "\(line)"
  }
}
