/// Some of the 65,536 ports, as ranges that are sorted and do not touch.
package struct PortSet: Hashable, Sendable {
  package private(set) var ranges: [ClosedRange<UInt16>]

  package static let none = PortSet()
  package static let all = PortSet(0...UInt16.max)

  package init() { ranges = [] }

  package init(_ range: ClosedRange<UInt16>) { ranges = [range] }

  package var isEmpty: Bool { ranges.isEmpty }
  package var isAll: Bool { self == .all }

  package func contains(_ other: PortSet) -> Bool { other.subtracting(self).isEmpty }

  package mutating func insert(_ range: ClosedRange<UInt16>) {
    if ranges.isEmpty {
      ranges = [range]
    } else {
      formUnion(PortSet(range))
    }
  }

  package mutating func formUnion(_ other: PortSet) {
    if other.isEmpty || self == other { return }
    var result: [ClosedRange<UInt16>] = []
    for range in (ranges + other.ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    ranges = result
  }

  package func subtracting(_ other: PortSet) -> PortSet {
    if other.isEmpty { return self }
    var result = PortSet()
    for range in ranges {
      var start = Int(range.lowerBound)
      for gap in other.ranges where gap.overlaps(range) {
        if start < Int(gap.lowerBound) { result.ranges.append(UInt16(start)...(gap.lowerBound - 1)) }
        start = Int(gap.upperBound) + 1
      }
      if start <= Int(range.upperBound) { result.ranges.append(UInt16(start)...range.upperBound) }
    }
    return result
  }

  package func intersection(_ other: PortSet) -> PortSet { subtracting(PortSet.all.subtracting(other)) }
}
