import Manifest

/// What the first bytes of a kernel say.
enum KernelImage {
  /// So many bytes tell it.
  static let beginning = 1024

  /// false: these are no kernel's, nor those of gzip, behind which there may be one.
  static func mayBeKernel(_ start: [UInt8]) -> Bool {
    start.starts(with: [0x1f, 0x8b]) || architecture(of: start) != nil
  }

  /// What it runs on; nil where they do not tell.
  static func architecture(of start: [UInt8]) -> VirtualMachineSpec.Architecture? {
    func has(_ text: String, at offset: Int) -> Bool { start.dropFirst(offset).starts(with: text.utf8) }
    func number(at offset: Int, _ count: Int) -> Int? {
      guard offset + count <= start.count else { return nil }
      return start[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    // Documentation/arch/*/boot* of the kernel: bzImage, and the two that are called Image.
    if has("HdrS", at: 0x202) { return .x86 }
    if has("ARM\u{64}", at: 0x38) { return .aarch64 }
    if has("RSC\u{05}", at: 0x38) { return .riscv64 }
    if has("\u{7f}ELF", at: 0) {
      return [0x3e: .x86, 0xb7: .aarch64, 0xf3: .riscv64][number(at: 18, 2) ?? 0]
    }
    // One that unpacks itself under EFI: the header of its programs.
    guard has("MZ", at: 0), let header = number(at: 0x3c, 4), has("PE\0\0", at: header) else { return nil }
    return [0x8664: .x86, 0xaa64: .aarch64, 0x5064: .riscv64][number(at: header + 4, 2) ?? 0]
  }
}
