package import Diagnostics

extension YAMLNode {
  /// The tree of the one document in the text; nothing at all is an empty scalar. Throws all faults up to the first that
  /// leaves nothing to go on with: no UTF-8, no YAML, a second document, a key twice, an unknown anchor or tag, more than
  /// the limits allow.
  package static func parse(
    _ bytes: [UInt8], file: String, limits: YAMLLimits = YAMLLimits()
  ) throws(Diagnostics) -> YAMLNode {
    // The byte order mark would count as a column.
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let text = SourceText(name: file, bytes: bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes)
    try text.check(limits)
    return try YAMLEventReader.read(text) { (reader) throws(Diagnostics) -> YAMLNode in
      var builder = YAMLTreeBuilder(limits: limits)
      do throws(Diagnostics) {
        while !builder.isFinished { try builder.take(try reader.next()) }
      } catch {
        var all = builder.faults
        all.append(contentsOf: error)
        throw all
      }
      try builder.faults.throwIfErrors()
      return builder.root ?? YAMLNode(.scalar(YAMLScalar("", isPlain: true)), at: text.location(ofByte: 0))
    }
  }
}
