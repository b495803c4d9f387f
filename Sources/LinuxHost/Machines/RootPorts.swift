/// PCIe root ports: what sits behind one can come and go while the machine runs.
struct RootPorts {
  private var used = 0

  /// Eight functions in each of the places 0x8...0x1e.
  static let most = 8 * 0x17

  /// The bus of the next port.
  mutating func take() -> String {
    defer { used += 1 }
    return "port\(used)"
  }

  /// The ports that were taken and some to spare.
  func arguments(spare: Int) -> [String] {
    (0..<min(used + spare, Self.most)).flatMap { port in
      // Without io-reserve the firmware gives each port 4 KiB of the 64 KiB of I/O space, and runs out.
      let place = "addr=0x\(String(0x8 + port / 8, radix: 16)).\(port % 8),multifunction=on"
      return ["-device", "pcie-root-port,id=port\(port),chassis=\(port + 1),bus=pcie.0,\(place),io-reserve=0"]
    }
  }
}
