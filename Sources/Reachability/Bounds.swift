/// A value of a packet that an evaluation may hold open: the verdict is then known for a whole range of it.
enum Dimension: Int, CaseIterable {
  case source, destination
  /// The destination's port; of a protocol without ports the two bytes that stand there.
  case port
}

/// For which values of each dimension all that was decided so far would have been decided alike. Starts with all values and
/// shrinks with each question.
struct Bounds {
  private var source: ClosedRange<UInt128>
  private var destination: ClosedRange<UInt128>
  private var port: ClosedRange<UInt128>

  static let all = Bounds()

  private init() {
    source = 0...UInt128.max
    destination = 0...UInt128.max
    port = 0...0xffff
  }

  subscript(dimension: Dimension) -> ClosedRange<UInt128> {
    get {
      switch dimension {
      case .source: source
      case .destination: destination
      case .port: port
      }
    }
    set {
      switch dimension {
      case .source: source = newValue
      case .destination: destination = newValue
      case .port: port = newValue
      }
    }
  }

  /// - Parameter range: holds the value that the packet has.
  mutating func narrow(_ dimension: Dimension, to range: ClosedRange<UInt128>) {
    self[dimension] = self[dimension].clamped(to: range)
  }

  mutating func intersect(_ other: Bounds) {
    for dimension in Dimension.allCases { narrow(dimension, to: other[dimension]) }
  }

  /// The values around `value` that lie as it does, inside or outside of `range`.
  static func cell(of value: UInt128, beside range: ClosedRange<UInt128>) -> ClosedRange<UInt128> {
    if range.contains(value) { return range }
    return value < range.lowerBound ? 0...(range.lowerBound - 1) : (range.upperBound + 1)...UInt128.max
  }
}
