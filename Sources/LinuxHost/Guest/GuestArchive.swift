/// A tar archive (POSIX ustar) of a few small files, made in memory. Owner root, time zero: equal files give equal bytes.
struct GuestArchive {
  private(set) var bytes: [UInt8] = []

  /// - Parameters:
  ///   - name: at most 100 bytes, without a slash in front.
  ///   - mode: the permission bits.
  mutating func add(_ name: String, _ text: String, mode: Int = 0o644) {
    precondition(name.utf8.count <= 100, "our own names are short")
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    put(name, at: 0)
    put(Self.octal(mode, digits: 7), at: 100)
    put(Self.octal(0, digits: 7), at: 108)
    put(Self.octal(0, digits: 7), at: 116)
    put(Self.octal(text.utf8.count, digits: 11), at: 124)
    put(Self.octal(0, digits: 11), at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    // The sum is made with spaces in its own place.
    put(Self.octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0", at: 148)
    bytes += header
    bytes += text.utf8
    bytes += [UInt8](repeating: 0, count: -text.utf8.count & 511)
  }

  /// The archive with its end.
  func finished() -> [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

  private static func octal(_ value: Int, digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
