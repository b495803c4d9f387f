import Network

/// The members of a set, ready to be asked. An object, since it learns with each new form of question.
final class SetIndex {
  let definition: SetDefinition
  private let elements: [Member]
  /// Where each field begins and how long it is, in bytes.
  private let layout: [(start: Int, length: Int)]
  /// By the fields of the key that are held open, as bits.
  private var views: [Int: [Group]] = [:]

  private struct Member {
    var first: [UInt8]
    var last: [UInt8]
    var element: SetElement
  }

  /// Members that have ranges in the same fields, by the fields that have none.
  private struct Group {
    var ranged: [Int]
    var exact: [Int]
    var members: [[UInt8]: [Int]]
  }

  init(_ definition: SetDefinition) {
    self.definition = definition
    var start = 0
    layout = definition.key.map { type in
      defer { start += definition.key.count == 1 ? type.length : type.paddedLength }
      return (start, type.length)
    }
    elements = definition.elements.map { Member(first: $0.key, last: $0.last ?? $0.key, element: $0) }
  }

  var keyLength: Int { definition.keyLength }

  /// Which field of the key this is; nil where it is no whole field.
  func field(at start: Int, length: Int) -> Int? {
    layout.firstIndex { $0.start == start && $0.length == length }
  }

  /// The member that holds the key; nil when none does. Narrows `bounds` to what gets the same answer.
  ///
  /// - Parameter open: fields that are held open, with their dimensions.
  func member(
    with key: ArraySlice<UInt8>, open: [(field: Int, dimension: Dimension)], _ bounds: inout Bounds
  ) -> SetElement? {
    let key = Array(key)
    var mask = 0
    for (field, _) in open { mask |= 1 << field }
    var found: [Int] = []
    for group in view(mask) {
      var exact: [UInt8] = []
      for field in group.exact { exact += slice(key, field) }
      for index in group.members[exact] ?? [] where group.ranged.allSatisfy({ contains(elements[index], key, $0) }) {
        if open.isEmpty { return elements[index].element }
        found.append(index)
      }
    }
    for (field, dimension) in open {
      let value = number(slice(key, field))
      for index in found {
        let range = range(of: elements[index], field)
        bounds.narrow(dimension, to: Bounds.cell(of: value, beside: range))
      }
      found.removeAll { !range(of: elements[$0], field).contains(value) }
    }
    return found.first.map { elements[$0].element }
  }

  private func view(_ mask: Int) -> [Group] {
    if let view = views[mask] { return view }
    let fields = layout.indices.filter { mask & 1 << $0 == 0 }
    var groups: [Int: Group] = [:]
    for (index, member) in elements.enumerated() where member.first.count >= keyLength && member.last.count >= keyLength
    {
      var ranges = 0
      for field in fields where slice(member.first, field) != slice(member.last, field) { ranges |= 1 << field }
      var group =
        groups[ranges]
        ?? Group(
          ranged: fields.filter { ranges & 1 << $0 != 0 }, exact: fields.filter { ranges & 1 << $0 == 0 }, members: [:])
      var exact: [UInt8] = []
      for field in group.exact { exact += slice(member.first, field) }
      groups[ranges] = nil
      group.members[exact, default: []].append(index)
      groups[ranges] = group
    }
    let view = groups.keys.sorted().compactMap { groups[$0] }
    views[mask] = view
    return view
  }

  private func slice(_ bytes: [UInt8], _ field: Int) -> ArraySlice<UInt8> {
    bytes[layout[field].start..<layout[field].start + layout[field].length]
  }

  private func contains(_ member: Member, _ key: [UInt8], _ field: Int) -> Bool {
    let value = slice(key, field)
    return !value.lexicographicallyPrecedes(slice(member.first, field))
      && !slice(member.last, field).lexicographicallyPrecedes(value)
  }

  private func range(of member: Member, _ field: Int) -> ClosedRange<UInt128> {
    let first = number(slice(member.first, field))
    return first...max(first, number(slice(member.last, field)))
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> UInt128 { bytes.reduce(0) { $0 << 8 | UInt128($1) } }
}
