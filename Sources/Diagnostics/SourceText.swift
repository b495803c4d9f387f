/// The text of one file that diagnostics point into. Thousands of places share it, so it is one object.
package final class SourceText: Sendable {
  /// How a person would name the file: the path as it was given.
  package let name: String
  package let bytes: [UInt8]
  /// Where every `stride`th line begins, so that a line is found without reading the text from its start.
  private let landmarks: [Int]

  private static let stride = 32

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var landmarks = [0]
    var line = 1
    var start = 0
    while let next = Self.endOfLine(in: bytes, from: start).next {
      line += 1
      start = next
      if (line - 1) % Self.stride == 0 { landmarks.append(start) }
    }
    self.landmarks = landmarks
  }

  /// The text of a line, counted from 1, without its end; bytes that are no UTF-8 are replaced. nil beyond the last line.
  /// Lines end where YAML 1.1 ends them: LF, CR, CR LF, NEL, LS, PS.
  package func line(_ number: Int) -> String? {
    guard number >= 1, (number - 1) / Self.stride < landmarks.count else { return nil }
    var start = landmarks[(number - 1) / Self.stride]
    for _ in 0..<(number - 1) % Self.stride {
      guard let next = Self.endOfLine(in: bytes, from: start).next else { return nil }
      start = next
    }
    return String(decoding: bytes[start..<Self.endOfLine(in: bytes, from: start).end], as: UTF8.self)
  }

  /// Where the line that begins at `start` ends, and where the next one begins; nil when there is none.
  private static func endOfLine(in bytes: [UInt8], from start: Int) -> (end: Int, next: Int?) {
    for index in start..<bytes.count {
      switch bytes[index] {
      case 0x0a: return (index, index + 1)
      case 0x0d: return (index, bytes.has(0x0a, at: index + 1) ? index + 2 : index + 1)
      case 0xc2 where bytes.has(0x85, at: index + 1): return (index, index + 2)
      case 0xe2
      where bytes.has(0x80, at: index + 1) && (bytes.has(0xa8, at: index + 2) || bytes.has(0xa9, at: index + 2)):
        return (index, index + 3)
      default: continue
      }
    }
    return (bytes.count, nil)
  }
}

extension [UInt8] {
  fileprivate func has(_ byte: UInt8, at index: Int) -> Bool { index < count && self[index] == byte }
}
