import Network

/// The sixteen registers, and which bytes of them stand for a dimension that is held open.
struct Registers {
  private var bytes = InlineArray<64, UInt8>(repeating: 0)
  /// One for each field in them that stands for a dimension.
  private(set) var fields: [OpenField] = []
  /// Where the name of a link begins that is none of ours.
  private var foreignNames: [Int] = []

  /// A part of a register that holds the first bytes of a dimension's value.
  struct OpenField {
    /// Where it begins, in bytes from the first register.
    var start: Int
    var length: Int
    var dimension: Dimension
    /// How many of the dimension's last bytes are cut off.
    var cut: Int
    /// The bytes were changed in a way that a range does not express.
    var isScrambled = false

    var end: Int { start + length }
  }

  mutating func store(_ value: some Collection<UInt8>, in register: Register, open: [OpenField] = []) {
    let start = Int(register.word) * 4
    var index = start
    for byte in value where index < 64 {
      bytes[index] = byte
      index += 1
    }
    // A value takes whole registers.
    let end = min(64, (index + 3) & ~3)
    while index < end {
      bytes[index] = 0
      index += 1
    }
    if !fields.isEmpty { fields.removeAll { $0.start < end && $0.end > start } }
    if !foreignNames.isEmpty { foreignNames.removeAll { $0 < end && $0 + 16 > start } }
    for field in open {
      var field = field
      field.start += start
      fields.append(field)
    }
  }

  /// A name that no interface can have: it begins with a slash.
  mutating func storeForeignName(in register: Register) {
    store([0x2f] + [UInt8](repeating: 0, count: 15), in: register)
    foreignNames.append(Int(register.word) * 4)
  }

  func holdsForeignName(_ register: Register) -> Bool {
    !foreignNames.isEmpty && foreignNames.contains(Int(register.word) * 4)
  }

  /// As many bytes as there are.
  func load(_ register: Register, _ count: Int) -> [UInt8] {
    let start = Int(register.word) * 4
    let length = min(64 - start, count)
    var loaded = [UInt8](repeating: 0, count: length)
    for index in 0..<length { loaded[index] = bytes[start + index] }
    return loaded
  }

  func holds(_ constant: [UInt8], in register: Register) -> Bool {
    let start = Int(register.word) * 4
    guard constant.count <= 64 - start else { return false }
    for index in constant.indices where bytes[start + index] != constant[index] { return false }
    return true
  }

  /// The fields that lie in these bytes or reach into them, counted from the register's beginning.
  func open(_ register: Register, _ count: Int) -> [OpenField] {
    guard !fields.isEmpty else { return [] }
    let start = Int(register.word) * 4
    return fields.compactMap { field in
      guard field.start < start + count, field.end > start else { return nil }
      var field = field
      field.start -= start
      return field
    }
  }
}
