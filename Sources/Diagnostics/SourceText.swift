/// The text of one file that diagnostics point into. Thousands of places share it, so it is one object.
package final class SourceText: Sendable {
  /// How a person would name the file: the path as it was given.
  package let name: String
  package let bytes: [UInt8]

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// The text of a line, counted from 1, without its end; bytes that are no UTF-8 are replaced. nil beyond the last line.
  /// Lines end where YAML 1.1 ends them: LF, CR, CR LF, NEL, LS, PS.
  package func line(_ number: Int) -> String? {
    guard number >= 1 else { return nil }
    var start = 0
    var current = 1
    while true {
      let (end, next) = endOfLine(from: start)
      if current == number { return String(decoding: bytes[start..<end], as: UTF8.self) }
      guard let next else { return nil }
      start = next
      current += 1
    }
  }

  /// Where the line that begins at `start` ends, and where the next one begins; nil when there is none.
  private func endOfLine(from start: Int) -> (end: Int, next: Int?) {
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      let next: UInt8? = index + 1 < bytes.count ? bytes[index + 1] : nil
      let afterNext: UInt8? = index + 2 < bytes.count ? bytes[index + 2] : nil
      switch (byte, next, afterNext) {
      case (0x0a, _, _): return (index, index + 1)
      case (0x0d, 0x0a, _): return (index, index + 2)
      case (0x0d, _, _): return (index, index + 1)
      case (0xc2, 0x85, _): return (index, index + 2)
      case (0xe2, 0x80, 0xa8), (0xe2, 0x80, 0xa9): return (index, index + 3)
      default: index += 1
      }
    }
    return (bytes.count, nil)
  }
}
