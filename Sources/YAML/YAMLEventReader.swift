import CYAML
import Diagnostics

/// Reads the events of one text. The parser points to itself and into the text: it lives on the heap and both stay for the
/// whole of `read`.
@safe
struct YAMLEventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: SourceText

  private init(_ parser: UnsafeMutablePointer<yaml_parser_t>, _ text: SourceText) {
    unsafe self.parser = unsafe parser
    self.text = text
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deinitialize(count: 1)
    unsafe parser.deallocate()
  }

  /// Runs `body` with a reader of the text. The corresponding C functions are `yaml_parser_initialize` and
  /// `yaml_parser_set_input_string`.
  static func read<Value>(
    _ text: SourceText, _ body: (inout YAMLEventReader) throws(Diagnostics) -> Value
  ) throws(Diagnostics) -> Value {
    let result: Result<Value, Diagnostics> = unsafe text.bytes.withUnsafeBufferPointer { bytes in
      let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
      unsafe parser.initialize(to: yaml_parser_t())
      guard unsafe yaml_parser_initialize(parser) == 1 else {
        unsafe parser.deallocate()
        return .failure(Diagnostics(Diagnostic(.error, "no memory to read \(text.name)")))
      }
      unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
      var reader = unsafe YAMLEventReader(parser, text)
      do throws(Diagnostics) { return .success(try body(&reader)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// The next event. Throws where the text is no YAML; do not go on then.
  /// The corresponding C function is `yaml_parser_parse`.
  mutating func next() throws(Diagnostics) -> YAMLEvent {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw Diagnostics(syntaxError()) }
    defer { unsafe yaml_event_delete(&event) }
    return unsafe YAMLEvent(kind: kind(of: event), location: location(from: event.start_mark, to: event.end_mark))
  }

  private func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
    switch unsafe event.type {
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_ALIAS_EVENT: return unsafe .alias(string(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let value = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return unsafe .scalar(
        String(decoding: value, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
        properties: .init(anchor: string(scalar.anchor), tag: string(scalar.tag)))
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      return unsafe .sequenceStart(.init(anchor: string(start.anchor), tag: string(start.tag)))
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      return unsafe .mappingStart(.init(anchor: string(start.anchor), tag: string(start.tag)))
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    // After the end libyaml reports "no event" for ever.
    default: return .streamEnd
    }
  }

  /// nil for no string.
  private func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let pointer = unsafe pointer else { return nil }
    return unsafe String(cString: pointer)
  }

  /// From one mark to the other, where they are on one line; else one column.
  private func location(from start: yaml_mark_t, to end: yaml_mark_t) -> SourceLocation {
    SourceLocation(
      in: text, line: start.line + 1, column: start.column + 1,
      width: end.line == start.line ? max(1, end.column - start.column) : 1)
  }

  /// What libyaml found wrong, and what it was reading then.
  private func syntaxError() -> Diagnostic {
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "this is no YAML"
    let mark = unsafe parser.pointee.problem_mark
    guard unsafe parser.pointee.error != YAML_READER_ERROR else {
      return Diagnostic(.error, problem, at: text.location(ofByte: unsafe parser.pointee.problem_offset))
    }
    let location = location(from: mark, to: mark)
    var related: [Diagnostic.Related] = []
    if let context = unsafe parser.pointee.context {
      let place = unsafe parser.pointee.context_mark
      related = [.init(unsafe String(cString: context), at: self.location(from: place, to: place))]
    }
    return Diagnostic(.error, problem, at: location, remedy: Self.remedy(at: location), related: related)
  }

  /// What most often is wrong in such a line; nil where nothing is known.
  private static func remedy(at location: SourceLocation) -> String? {
    guard let line = location.lineText else { return nil }
    let indentation = line.prefix { $0 == " " || $0 == "\t" }
    if indentation.contains("\t") { return "indent with spaces; YAML allows no tabs there" }
    if line.contains("*") || line.contains(": ") || line.contains("%") {
      return "check the indentation, and put a text that holds one of : # * & % @ in quotes"
    }
    return "check the indentation and that every bracket and quote of the lines before is closed"
  }
}
