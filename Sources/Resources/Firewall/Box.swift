import Network

/// A range in each of several dimensions at once, as an element of a set with ranges has it: addresses, protocols, ports.
struct Box: Hashable, Sendable {
  var sides: [ClosedRange<UInt128>]
  /// Where the manifest asks for it.
  var comment: String

  /// Every side is one number.
  var isExact: Bool { sides.allSatisfy { $0.lowerBound == $0.upperBound } }

  private func meets(_ other: Box) -> Bool { zip(sides, other.sides).allSatisfy { $0.overlaps($1) } }

  /// What is in this one and not in the other, in parts that do not meet.
  private func without(_ other: Box) -> [Box] {
    guard meets(other) else { return [self] }
    var parts: [Box] = []
    var rest = self
    for (place, taken) in other.sides.enumerated() {
      let side = rest.sides[place]
      if side.lowerBound < taken.lowerBound {
        parts.append(rest.with(side.lowerBound...(taken.lowerBound - 1), at: place))
      }
      if taken.upperBound < side.upperBound {
        parts.append(rest.with((taken.upperBound + 1)...side.upperBound, at: place))
      }
      rest = rest.with(side.clamped(to: taken), at: place)
    }
    return parts
  }

  private func with(_ side: ClosedRange<UInt128>, at place: Int) -> Box {
    var box = self
    box.sides[place] = side
    return box
  }

  /// About the logarithm of how much it holds.
  private var size: Int {
    sides.reduce(0) { $0 + UInt128.bitWidth - ($1.upperBound - $1.lowerBound).leadingZeroBitCount }
  }

  /// Boxes that hold the same and do not meet: the kernel does not take elements that overlap. Large ones stay whole.
  static func disjoint(_ boxes: [Box]) -> [Box] {
    let sorted = boxes.enumerated().sorted { a, b in
      let (large, small) = (a.element.size, b.element.size)
      return large == small ? a.offset < b.offset : large > small
    }
    var result: [Box] = []
    for (_, box) in sorted {
      var parts = [box]
      for taken in result where taken.meets(box) { parts = parts.flatMap { $0.without(taken) } }
      result += parts
    }
    return result
  }
}
