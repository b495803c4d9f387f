/// What symbols of a kernel's configuration are to be.
package struct KernelConfiguration: Hashable, Sendable {
  /// In the order in which they count: of two for one symbol the later holds.
  package var lines: [Line]

  package init(_ lines: [Line] = []) { self.lines = lines }

  package struct Line: Hashable, Sendable {
    /// "CONFIG_EXT4_FS"
    package var symbol: String
    /// As `.config` has it: y, m, n (also for "is not set"), a number, or a text with its quotes.
    package var value: String
    /// Where a person finds it: "kernel/extra.config:3".
    package var place: String

    package init(symbol: String, value: String, place: String) {
      self.symbol = symbol
      self.value = value
      self.place = place
    }

    package var text: String { "\(symbol)=\(value)" }
  }

  /// The lines that hold, one for each symbol, sorted by it.
  package var effective: [Line] {
    [String: Line](lines.map { ($0.symbol, $0) }) { _, later in later }.values.sorted { $0.symbol < $1.symbol }
  }

  /// What `KCONFIG_ALLCONFIG` reads.
  package var text: String { effective.map { "\($0.text)\n" }.joined() }

  /// A line that did not stick.
  package struct Rejection: Hashable, Sendable {
    package var line: Line
    /// What the symbol became; nil: it is not set, or cannot be.
    package var became: String?

    package init(_ line: Line, became: String?) {
      self.line = line
      self.became = became
    }
  }

  /// The lines that a configured kernel does not have as they are, in their order.
  /// - Parameter settled: the whole of its `.config`.
  package func rejections(by settled: String) -> [Rejection] {
    var values: [Substring: Substring] = [:]
    for line in settled.split(separator: "\n") where line.hasPrefix("CONFIG_") {
      guard let equals = line.firstIndex(of: "=") else { continue }
      values[line[..<equals]] = line[line.index(after: equals)...]
    }
    let effective = Set(effective)
    return lines.filter { effective.contains($0) }.compactMap { line in
      let value = values[line.symbol[...]].map(String.init)
      return value ?? "n" == line.value ? nil : Rejection(line, became: value)
    }
  }
}
