import Glibc
import Host
import SystemPackage

/// What a guest says on its serial console, as QEMU writes it down.
package struct SerialLog: Sendable {
  let path: FilePath

  /// The last lines, at most 20, without control characters; none where there is no log.
  var lastLines: [String] { lines(Array(tail())) }

  /// Why the guest did not come up, by what it said; nil where it said nothing of the kind.
  var failure: GuestFailure.Reason? {
    for line in lines(Array(tail()), most: .max).reversed() {
      if let mark = line.firstRange(of: GuestInit.failureMark) { return .refused(String(line[mark.upperBound...])) }
      if line.contains("Kernel panic - not syncing") { return .panicked }
    }
    return nil
  }

  func contains(_ text: String) -> Bool {
    // A log that is not there yet, or too long for a console, says nothing.
    guard let bytes = try? path.contents() else { return false }
    return String(decoding: bytes, as: UTF8.self).contains(text)
  }

  private func lines(_ bytes: [UInt8], most: Int = 20) -> [String] {
    let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    return lines.suffix(most).map { Self.plain($0) }
  }

  /// Without control characters and what sets colours on a terminal (ECMA-48: ESC [ … letter).
  package static func plain(_ line: ArraySlice<UInt8>) -> String {
    var text: [UInt8] = []
    var rest = line
    while let byte = rest.popFirst() {
      if byte == 0x1b, rest.first == UInt8(ascii: "[") {
        rest = rest.dropFirst().drop { !(0x40...0x7e).contains($0) }.dropFirst()
      } else if byte >= 0x20 && byte != 0x7f || byte == 0x09 {
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The last 64 KiB.
  private func tail() -> [UInt8] {
    let descriptor = unsafe path.withPlatformString { unsafe open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return [] }
    defer { _ = close(descriptor) }
    let end = lseek(descriptor, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    let length = unsafe pread(descriptor, &bytes, bytes.count, max(0, end - bytes.count))
    return Array(bytes.prefix(max(length, 0)))
  }
}
