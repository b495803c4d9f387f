import Network

extension ChainRun {
  /// Whether the register stands so to the constant; nil where that depends on what is held open in a way that no range tells.
  func compare(
    _ registers: Registers, _ register: Register, _ comparison: Comparison, _ constant: [UInt8],
    _ bounds: inout Bounds
  ) -> Bool? {
    let open = registers.open(register, constant.count)
    if open.isEmpty {
      switch comparison {
      case .equal: return registers.holds(constant, in: register)
      case .notEqual: return !registers.holds(constant, in: register)
      case .less, .lessOrEqual, .greater, .greaterOrEqual:
        return comparison.holds(registers.load(register, constant.count), constant)
      }
    }
    let value = registers.load(register, constant.count)
    let isWhole = open.count == 1 && open[0].start == 0 && open[0].length == constant.count
    guard comparison == .equal || comparison == .notEqual || isWhole,
      open.allSatisfy({ !$0.isScrambled && $0.start >= 0 && $0.end <= constant.count })
    else { return nil }
    switch comparison {
    case .equal, .notEqual:
      let isEqual = equal(value, constant, open, &bounds)
      return isEqual == (comparison == .equal)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      let (field, edge) = (open[0], self.number(constant[...]))
      let current = number(value[...])
      // Where the answer changes: below this number, in units of what is loaded.
      let isBelow = comparison == .less || comparison == .greaterOrEqual
      guard let limit = isBelow ? edge : edge == .max ? nil : edge + 1 else {
        return comparison.holds(value, constant)
      }
      let range = limit == 0 ? nil : 0...Self.widened(limit - 1, field, isUpper: true)
      if let range {
        bounds.narrow(field.dimension, to: Bounds.cell(of: Self.widened(current, field, isUpper: false), beside: range))
      }
      return comparison.holds(value, constant)
    }
  }

  /// Narrows by as little as the answer needs: all fields where they are equal, else one that is not.
  private func equal(
    _ value: [UInt8], _ constant: [UInt8], _ open: [Registers.OpenField], _ bounds: inout Bounds
  ) -> Bool {
    var isFixed = [Bool](repeating: true, count: constant.count)
    for field in open { for index in field.start..<field.end { isFixed[index] = false } }
    for index in constant.indices where isFixed[index] && value[index] != constant[index] { return false }
    func range(_ field: Registers.OpenField) -> ClosedRange<UInt128> {
      let number = number(constant[field.start..<field.end])
      return Self.widened(number, field, isUpper: false)...Self.widened(number, field, isUpper: true)
    }
    func current(_ field: Registers.OpenField) -> UInt128 {
      number(value[field.start..<field.end])
    }
    if let other = open.first(where: { current($0) != number(constant[$0.start..<$0.end]) }) {
      let cell = Bounds.cell(of: Self.widened(current(other), other, isUpper: false), beside: range(other))
      bounds.narrow(other.dimension, to: cell)
      return false
    }
    for field in open { bounds.narrow(field.dimension, to: range(field)) }
    return true
  }

  /// The first or last value of the dimension that begins with these bytes.
  private static func widened(_ number: UInt128, _ field: Registers.OpenField, isUpper: Bool) -> UInt128 {
    let shift = UInt128(8 * field.cut)
    return number << shift | (isUpper && field.cut > 0 ? (1 << shift) - 1 : 0)
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> UInt128 { bytes.reduce(0) { $0 << 8 | UInt128($1) } }

  /// False where what is held open would be changed in a way that no range tells.
  func apply(
    _ mask: [UInt8], _ xor: [UInt8], _ from: Register, _ to: Register, _ registers: inout Registers
  ) -> Bool {
    guard mask.count == xor.count else { return false }
    let value = registers.load(from, mask.count)
    let open = registers.open(from, mask.count)
    var kept: [Registers.OpenField] = []
    for field in open {
      guard field.start >= 0, field.end <= mask.count, !field.isScrambled else { return false }
      let part = field.start..<field.end
      if mask[part].allSatisfy({ $0 == 0xff }) && xor[part].allSatisfy({ $0 == 0 }) {
        kept.append(field)
      } else if !mask[part].allSatisfy({ $0 == 0 }) {
        // The first bytes of it may be kept: a prefix whose length is a multiple of eight.
        let length = mask[part].prefix { $0 == 0xff }.count
        guard length > 0, mask[part].dropFirst(length).allSatisfy({ $0 == 0 }), xor[part].allSatisfy({ $0 == 0 })
        else { return false }
        var field = field
        field.cut += field.length - length
        field.length = length
        kept.append(field)
      }
    }
    let result = zip(value, zip(mask, xor)).map { $0 & $1.0 ^ $1.1 }
    registers.store(result, in: to, open: kept)
    return true
  }

  enum Finding {
    case member(SetElement)
    case none
    /// Not a whole field of the key is held open.
    case unreadable
  }

  func find(
    _ registers: Registers, _ register: Register, _ index: SetIndex, _ bounds: inout Bounds
  ) -> Finding {
    if index.isEmpty { return .none }
    let key = registers.load(register, index.keyLength)
    guard key.count == index.keyLength else { return .unreadable }
    var open: [(field: Int, dimension: Dimension)] = []
    for field in registers.open(register, index.keyLength) {
      guard !field.isScrambled, field.cut == 0, let number = index.field(at: field.start, length: field.length)
      else { return .unreadable }
      open.append((number, field.dimension))
    }
    return index.member(with: key, open: open, &bounds).map(Finding.member) ?? .none
  }
}

extension Comparison {
  /// As the kernel compares: byte by byte.
  fileprivate func holds(_ value: [UInt8], _ constant: [UInt8]) -> Bool {
    switch self {
    case .equal: value.elementsEqual(constant)
    case .notEqual: !value.elementsEqual(constant)
    case .less: value.lexicographicallyPrecedes(constant)
    case .lessOrEqual: !constant.lexicographicallyPrecedes(value)
    case .greater: constant.lexicographicallyPrecedes(value)
    case .greaterOrEqual: !value.lexicographicallyPrecedes(constant)
    }
  }
}
