extension String {
  /// On one line, and without what a terminal would obey: what stands in a manifest may come from anybody.
  var printable: String {
    // Nearly all is plain, and what Unicode says of a scalar is slow to look up.
    if utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map(\.printable)))
  }
}

extension Unicode.Scalar {
  /// A space for white space, so that columns stay columns; U+FFFD for control and format characters.
  var printable: Unicode.Scalar {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: self == "\t" || self == "\n" ? " " : "\u{fffd}"
    case .format: "\u{fffd}"
    default: self
    }
  }
}
