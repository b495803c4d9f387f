/// The name of a network interface: 1 to 15 bytes of what the kernel takes (`dev_valid_name`), ASCII only.
package struct LinkName: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String

  /// nil when empty, longer than 15 bytes, `.` or `..`, or with a byte other than `A-Za-z0-9_.-`.
  package init?(_ text: String) {
    let allowed = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard (1...15).contains(text.utf8.count), allowed, text != ".", text != ".." else { return nil }
    self.text = text
  }

  package var description: String { text }

  package static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}
