/// One subject with all that is measured of it.
protocol BenchCase: Sendable {
  var name: String { get }
  /// What it measures against what, in one line.
  var purpose: String { get }
  func measure(_ settings: Settings) async throws -> [Finding]
}
