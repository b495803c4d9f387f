import QMP

/// One number that was measured, and what is claimed of it.
struct Finding {
  /// "load 10,000 members"
  var name: String
  /// What it is compared with: "nft -f".
  var peer: String
  /// The median of ours.
  var ours: Duration
  /// The median of the peer's; nil where there is only a limit.
  var theirs: Duration?
  /// How many were measured of each.
  var count: Int
  var claim: Claim

  enum Claim {
    /// The peer takes more than so many times as long.
    case faster(Double)
    /// We take less than so many times as long.
    case within(Double)
    /// We take less than this.
    case below(Duration)
    /// No process is started meanwhile; how many were.
    case alone(Int)
    /// Told for its own sake.
    case none
    /// Could not be measured: what there is too little of, and what helps.
    case lacking(String)
    /// Was not asked for: how it is.
    case leftOut(String)
  }

  /// One that was not measured.
  static func unmeasured(_ name: String, _ why: Claim) -> Finding {
    Finding(name: name, peer: "", ours: .zero, theirs: nil, count: 0, claim: why)
  }

  var isMet: Bool {
    switch claim {
    case .faster(let factor): theirs.map { $0 / ours > factor } ?? false
    case .within(let factor): theirs.map { ours / $0 < factor } ?? false
    case .below(let limit): ours < limit
    case .alone(let started): started == 0
    case .none, .leftOut: true
    case .lacking: false
    }
  }

  /// "5.2x faster", "1.1x", "no process"; empty without a peer.
  var ratio: String {
    if case .alone(let started) = claim { return started == 0 ? "no process" : "\(started) processes" }
    guard let theirs else { return "" }
    if case .within = claim { return "\(rounded(ours / theirs))x" }
    return "\(rounded(theirs / ours))x faster"
  }

  var wanted: String {
    switch claim {
    case .faster(let factor): "> \(rounded(factor))x faster"
    case .within(let factor): "< \(rounded(factor))x"
    case .below(let limit): "< \(limit.milliseconds) ms"
    case .alone: "no process"
    case .none: ""
    case .lacking(let why), .leftOut(let why): why
    }
  }

  var json: JSON {
    var members: [String: JSON] = [
      "name": .string(name), "peer": .string(peer), "milliseconds": .number(ours / .milliseconds(1)),
      "count": .integer(Int64(count)), "wanted": .string(wanted), "met": .bool(isMet),
    ]
    if let theirs {
      members["peer_milliseconds"] = .number(theirs / .milliseconds(1))
      members["ratio"] = .number(ours / theirs)
    }
    return .object(members)
  }
}

extension Duration {
  var milliseconds: String { rounded(self / .milliseconds(1)) }
}

/// With two digits behind the point below ten, one below a hundred.
func rounded(_ number: Double) -> String {
  let digits: Double = number < 10 ? 100 : number < 100 ? 10 : 1
  let value = (number * digits).rounded() / digits
  return value == value.rounded() ? "\(Int(value))" : "\(value)"
}
