import Network

/// The members of a set, ready to be asked. An object, since it learns with each new form of question.
final class SetIndex {
  let isEmpty: Bool
  /// It has no flags and types that the evaluator does not know.
  let isKnown: Bool
  let keyLength: Int
  private let elements: [SetElement]
  /// Where each field begins and how long it is, in bytes.
  private let layout: [(start: Int, length: Int)]
  /// By the fields of the key that are held open, as bits.
  private var views: [Int: [Group]] = [:]

  /// Members that have ranges in the same fields.
  private struct Group {
    var ranged: [Int]
    var exact: [Int]
    /// By the digest of their fields without a range the last such member; before it comes `previous`.
    var last: [UInt64: Int] = [:]
    /// Of members in the order in which they came; -1 for the first of its digest.
    var members: [(element: Int, previous: Int)] = []
  }

  init(_ definition: SetDefinition) {
    isEmpty = definition.elements.isEmpty
    isKnown = definition.unknown.isEmpty
    keyLength = definition.keyLength
    var start = 0
    layout = definition.key.map { type in
      defer { start += definition.key.count == 1 ? type.length : type.paddedLength }
      return (start, type.length)
    }
    let length = keyLength
    elements = definition.elements.filter { $0.key.count >= length && ($0.last ?? $0.key).count >= length }.map(\.self)
  }

  /// Which field of the key this is; nil where it is no whole field.
  func field(at start: Int, length: Int) -> Int? {
    layout.firstIndex { $0.start == start && $0.length == length }
  }

  /// The member that holds the key; nil when none does. Narrows `bounds` to what gets the same answer.
  ///
  /// - Parameter open: fields that are held open, with their dimensions.
  func member(
    with key: [UInt8], open: [(field: Int, dimension: Dimension)], _ bounds: inout Bounds
  ) -> SetElement? {
    var mask = 0
    for (field, _) in open { mask |= 1 << field }
    var found: [Int] = []
    for group in view(mask) {
      var next = group.last[digest(of: key, group.exact)] ?? -1
      while next >= 0 {
        let index = group.members[next].element
        next = group.members[next].previous
        guard holds(elements[index], key, group) else { continue }
        if open.isEmpty { return elements[index] }
        found.append(index)
      }
    }
    for (field, dimension) in open {
      let value = number(key, field)
      for index in found {
        let range = range(of: elements[index], field)
        bounds.narrow(dimension, to: Bounds.cell(of: value, beside: range))
      }
      found.removeAll { !range(of: elements[$0], field).contains(value) }
    }
    return found.first.map { elements[$0] }
  }

  private func view(_ mask: Int) -> [Group] {
    if let view = views[mask] { return view }
    let fields = layout.indices.filter { mask & 1 << $0 == 0 }
    var numbers: [Int: Int] = [:]
    var groups: [Group] = []
    for (index, member) in elements.enumerated() {
      var ranges = 0
      if let last = member.last {
        for field in fields where !isSame(member.key, last, field) { ranges |= 1 << field }
      }
      let number = numbers[ranges] ?? groups.count
      if number == groups.count {
        numbers[ranges] = number
        groups.append(
          Group(ranged: fields.filter { ranges & 1 << $0 != 0 }, exact: fields.filter { ranges & 1 << $0 == 0 }))
      }
      let digest = digest(of: member.key, groups[number].exact)
      let place = groups[number].members.count
      groups[number].members.append((index, groups[number].last.updateValue(place, forKey: digest) ?? -1))
    }
    views[mask] = groups
    return groups
  }

  private func holds(_ member: SetElement, _ key: [UInt8], _ group: Group) -> Bool {
    group.exact.allSatisfy { isSame(member.key, key, $0) } && group.ranged.allSatisfy { contains(member, key, $0) }
  }

  private func isSame(_ one: [UInt8], _ other: [UInt8], _ field: Int) -> Bool {
    let (start, length) = layout[field]
    for index in start..<start + length where one[index] != other[index] { return false }
    return true
  }

  /// FNV-1a, 64 bits.
  private func digest(of key: [UInt8], _ fields: [Int]) -> UInt64 {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for field in fields {
      let (start, length) = layout[field]
      for index in start..<start + length { digest = (digest ^ UInt64(key[index])) &* 0x100_0000_01b3 }
    }
    return digest
  }

  private func slice(_ bytes: [UInt8], _ field: Int) -> ArraySlice<UInt8> {
    bytes[layout[field].start..<layout[field].start + layout[field].length]
  }

  private func contains(_ member: SetElement, _ key: [UInt8], _ field: Int) -> Bool {
    let value = slice(key, field)
    return !value.lexicographicallyPrecedes(slice(member.key, field))
      && !slice(member.last ?? member.key, field).lexicographicallyPrecedes(value)
  }

  private func range(of member: SetElement, _ field: Int) -> ClosedRange<UInt128> {
    let first = number(member.key, field)
    return first...max(first, number(member.last ?? member.key, field))
  }

  private func number(_ bytes: [UInt8], _ field: Int) -> UInt128 {
    slice(bytes, field).reduce(0) { $0 << 8 | UInt128($1) }
  }
}
