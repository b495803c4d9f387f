import SystemPackage

/// What the beginning of a program says (elf(5), 64 bits, little endian).
enum ELFHeader {
  /// The program names no other one to load it, and so runs in any tree. false for what is no program.
  static func isStatic(_ program: FilePath) -> Bool {
    // What cannot be read is not taken.
    guard let bytes = try? SmallFile.read(program.string, limit: 4096) ?? [] else { return false }
    return isStatic(bytes)
  }

  static func isStatic(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 64, bytes.starts(with: ProgramFormat.elf) else { return false }
    func number(_ offset: Int, _ count: Int) -> Int? {
      guard offset + count <= bytes.count else { return nil }
      return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    // e_phoff, e_phentsize, e_phnum; then p_type of each, of which 3 is PT_INTERP.
    guard let table = number(32, 4), let size = number(54, 2), let count = number(56, 2) else { return false }
    let types = (0..<count).map { number(table + $0 * size, 4) }
    return !types.contains(3) && !types.contains(nil)
  }
}
