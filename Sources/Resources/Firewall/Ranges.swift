import Network

/// The same numbers in ranges that neither overlap nor touch: the kernel does not take ranges that overlap.
func disjointRanges(of ranges: [ClosedRange<UInt16>]) -> [ClosedRange<UInt16>] {
  var result: [ClosedRange<UInt16>] = []
  for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
    if let last = result.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
      result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    } else {
      result.append(range)
    }
  }
  return result
}

/// The prefixes that lie in no other one of them.
func withoutCovered(_ prefixes: [IPPrefix]) -> [IPPrefix] {
  Set(prefixes).sorted().reduce(into: []) { result, prefix in
    // Sorted by address, then length: what covers comes before what it covers.
    if let last = result.last, last.contains(prefix.address) { return }
    result.append(prefix)
  }
}
