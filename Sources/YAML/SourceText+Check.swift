import Diagnostics

extension SourceText {
  /// The place of a byte, counted from 0.
  func location(ofByte offset: Int) -> SourceLocation {
    var line = 1
    var lineStart = 0
    for (index, byte) in bytes.prefix(max(0, offset)).enumerated() where byte == 0x0a {
      line += 1
      lineStart = index + 1
    }
    let before = bytes[lineStart..<min(max(offset, lineStart), bytes.count)]
    return SourceLocation(
      in: self, line: line, column: String(decoding: before, as: UTF8.self).unicodeScalars.count + 1)
  }

  /// Refuses what is too long or no text: bytes that are no UTF-8, and control characters.
  func check(_ limits: YAMLLimits) throws(Diagnostics) {
    guard bytes.count <= limits.bytes else {
      throw Diagnostics(
        Diagnostic(
          .error, "\(name) is \(bytes.count) bytes long, more than the \(limits.bytes) that are read",
          remedy: "check that this is the right file"))
    }
    if let offset = bytes.firstIndex(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d || $0 == 0x7f }) {
      let code = String(bytes[offset], radix: 16)
      throw Diagnostics(
        Diagnostic(
          .error, bytes[offset] == 0 ? "a NUL byte in the text" : "the control character 0x\(code) in the text",
          at: location(ofByte: offset), remedy: "a manifest is plain text in UTF-8: check that this is the right file"))
    }
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    throw Diagnostics(
      Diagnostic(
        .error, "the text is no valid UTF-8", at: location(ofByte: firstInvalidByte()),
        remedy: "save the file in UTF-8"))
  }

  /// The offset of the first byte that belongs to no character of UTF-8.
  private func firstInvalidByte() -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar): offset += scalar.count
      case .error, .emptyInput: return offset
      }
    }
  }
}
