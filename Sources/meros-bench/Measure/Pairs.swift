/// Durations of two ways to do one thing, measured in turns: what else the machine does meets both.
struct Pairs {
  private(set) var ours: [Duration] = []
  private(set) var theirs: [Duration] = []

  /// Each way does the deed once and tells how long it took, without what it prepares and removes. Which begins
  /// changes from pair to pair. A pair before the first warms up and is not counted, unless `warmsUp` is false.
  init(
    _ rounds: Int, warmsUp: Bool = true, ours: () async throws -> Duration, theirs: () async throws -> Duration
  ) async throws {
    for round in (warmsUp ? 0 : 1)...rounds {
      try Interrupt.check()
      let pair: (Duration, Duration)
      if round.isMultiple(of: 2) {
        let mine = try await ours()
        pair = (mine, try await theirs())
      } else {
        let other = try await theirs()
        pair = (try await ours(), other)
      }
      guard round > 0 else { continue }
      self.ours.append(pair.0)
      self.theirs.append(pair.1)
    }
  }

  func finding(_ name: String, against peer: String, _ claim: Finding.Claim) -> Finding {
    Finding(
      name: name, peer: peer, ours: ours.median, theirs: theirs.median, count: ours.count, claim: claim)
  }

  /// What ours takes besides what the other takes.
  func excess(_ name: String, over peer: String, _ claim: Finding.Claim) -> Finding {
    Finding(
      name: name, peer: "besides \(peer)", ours: zip(ours, theirs).map(-).median, theirs: nil, count: ours.count,
      claim: claim)
  }
}

extension [Duration] {
  /// Zero of none.
  var median: Duration {
    guard !isEmpty else { return .zero }
    let sorted = sorted()
    return count.isMultiple(of: 2) ? (sorted[count / 2 - 1] + sorted[count / 2]) / 2 : sorted[count / 2]
  }
}

/// How long the deed takes.
func elapsed(_ deed: () async throws -> Void) async rethrows -> Duration {
  let start = ContinuousClock.now
  try await deed()
  return .now - start
}
