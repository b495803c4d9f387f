/// The smallest guest that a machine can have.
package enum ObedientGuest {
  /// What it says.
  package static let announcement = "MEROS-TEST READY"

  /// A boot sector that says `MEROS-TEST READY` on the serial line and powers off at the press of the button, as a
  /// guest with ACPI does.
  package static let sector: [UInt8] = {
    let code: [UInt8] = [
      0x31, 0xc0, 0x8e, 0xd8, 0xfc,  // xor ax, ax; mov ds, ax; cld
      0xbe, 0x2f, 0x7c, 0xba, 0xf8, 0x03,  // mov si, text; mov dx, 0x3f8
      0xac, 0x84, 0xc0, 0x74, 0x03, 0xee, 0xeb, 0xf8,  // each byte of the text: out dx, al
      0xba, 0x02, 0x06, 0xb8, 0x00, 0x01, 0xef,  // PM1_EN: power button
      0xba, 0x00, 0x06, 0xfb, 0xf4, 0xed, 0xf6, 0xc4, 0x01, 0x74, 0xf8,  // sti; hlt; until PM1_STS says so
      0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, 0xf4, 0xeb, 0xfd,  // PM1_CNT: sleep (S5)
    ]
    let text = Array("\(announcement)\r\n\0".utf8)
    return code + text + [UInt8](repeating: 0, count: 510 - code.count - text.count) + [0x55, 0xaa]
  }()
}
