import Diagnostics

/// A step through a document, as libyaml reports it, copied out.
struct YAMLEvent {
  var kind: Kind
  var location: SourceLocation

  enum Kind {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    /// `isPlain`: without quotes, not a block.
    case scalar(String, isPlain: Bool, properties: Properties)
    case sequenceStart(Properties)
    case sequenceEnd
    case mappingStart(Properties)
    case mappingEnd
  }

  /// nil where none is written.
  struct Properties {
    var anchor: String?
    var tag: String?
  }
}
