import Network

/// How Linux tells programs of an architecture: ELF, 64 bits, little endian, and a number of the machine.
struct ProgramFormat: Equatable, Sendable {
  let arch: String
  /// `e_machine` of elf(5).
  private let machine: UInt8

  /// nil for an architecture that is not known here.
  init?(arch: String) {
    switch arch {
    case "x86_64": machine = 0x3e
    case "aarch64": machine = 0xb7
    case "riscv64": machine = 0xf3
    default: return nil
    }
    self.arch = arch
  }

  static let elf: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]

  private var magic: [UInt8] { Self.elf + [2, 1, 1] + Array(repeating: 0, count: 9) + [2, 0, machine, 0] }

  /// Which system it is for does not count, nor whether it is executed at a fixed place or any.
  private static let mask: [UInt8] =
    Array(repeating: 0xff, count: 7) + [0] + Array(repeating: 0xff, count: 8) + [0xfe, 0xff, 0xff, 0xff]

  /// The line that makes the kernel hand such programs to an emulator (binfmt-misc.rst of the kernel): it is opened now, so
  /// that it is found from within every tree, and told the name that a program was called by.
  func registration(of emulator: String) -> String {
    ":qemu-\(arch):M::\(Self.escaped(magic)):\(Self.escaped(Self.mask)):\(emulator):PF"
  }

  /// - Parameter entry: what a file of binfmt_misc says of a handler.
  func isHandled(by entry: String) -> Bool {
    let lines = entry.split(separator: "\n")
    return lines.first == "enabled" && lines.contains("magic \(hexadecimal(magic))")
      && lines.contains { $0.hasPrefix("flags: ") && $0.contains("F") }
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { "\\x\(hexadecimal($0, digits: 2))" }.joined()
  }
}
