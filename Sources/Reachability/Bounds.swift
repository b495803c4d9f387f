/// A value of a packet that an evaluation may hold open: the verdict is then known for a whole range of it.
enum Dimension: Int, CaseIterable {
  case source, destination
  /// The sender's port; of a protocol without ports the two bytes that stand there.
  case sourcePort
  /// The destination's port; of a protocol without ports the two bytes that stand there.
  case port
}

struct Dimensions: OptionSet, Hashable {
  let rawValue: UInt8

  static let source = Dimensions(.source)
  static let destination = Dimensions(.destination)
  static let sourcePort = Dimensions(.sourcePort)
  static let port = Dimensions(.port)

  init(rawValue: UInt8) { self.rawValue = rawValue }
  init(_ dimension: Dimension) { rawValue = 1 << UInt8(dimension.rawValue) }
}

/// For which values of each dimension all that was decided so far would have been decided alike. Starts with all values and
/// shrinks with each question.
struct Bounds {
  private var source: ClosedRange<UInt128>
  private var destination: ClosedRange<UInt128>
  private var sourcePort: ClosedRange<UInt128>
  private var port: ClosedRange<UInt128>

  static let all = Bounds()

  private init() {
    source = 0...UInt128.max
    destination = 0...UInt128.max
    sourcePort = 0...0xffff
    port = 0...0xffff
  }

  subscript(dimension: Dimension) -> ClosedRange<UInt128> {
    get {
      switch dimension {
      case .source: source
      case .destination: destination
      case .sourcePort: sourcePort
      case .port: port
      }
    }
    set {
      switch dimension {
      case .source: source = newValue
      case .destination: destination = newValue
      case .sourcePort: sourcePort = newValue
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
