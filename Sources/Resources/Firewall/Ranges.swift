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

/// The numbers of a family that lie in none of the prefixes, as ranges.
func ranges(outside prefixes: [IPPrefix], _ family: IPAddress.Family) -> [ClosedRange<UInt128>] {
  let last: UInt128 = family == .v4 ? UInt128(UInt32.max) : .max
  var found: [ClosedRange<UInt128>] = []
  var next: UInt128? = 0
  for prefix in withoutCovered(prefixes.filter { $0.family == family }) {
    guard let start = next else { break }
    if start < prefix.address.value { found.append(start...(prefix.address.value - 1)) }
    next = prefix.last.value == last ? nil : prefix.last.value + 1
  }
  if let start = next { found.append(start...last) }
  return found
}

extension IPPrefix {
  var range: ClosedRange<UInt128> { address.value...last.value }
}

extension IPAddress {
  var range: ClosedRange<UInt128> { value...value }
}
