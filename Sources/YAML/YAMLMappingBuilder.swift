import Diagnostics

/// A mapping that is being read.
struct YAMLMappingBuilder {
  private var entries: [YAMLMapping.Entry] = []
  /// The value of `<<`.
  private var merged: (key: SourceLocation, value: YAMLNode)?
  /// Where each key stands in `entries`; kept only beyond a handful of keys.
  private var index: [String: Int] = [:]

  mutating func add(_ key: YAMLNode, _ value: YAMLNode, _ faults: inout Diagnostics) {
    guard let scalar = key.scalar else {
      faults.error(
        "a key must be a plain word, not a list or a mapping", at: key.location,
        remedy: "put a text that begins with [ or { in quotes")
      return
    }
    if scalar.isPlain, scalar.text == "<<" {
      if let merged {
        faults.error(
          "duplicate key <<", at: key.location, remedy: "merge several mappings with one key: <<: [*a, *b]",
          related: [.init("first written here", at: merged.key)])
      } else {
        merged = (key.location, value)
      }
      return
    }
    if let first = position(of: scalar.text) {
      faults.error(
        "duplicate key \(scalar.text)", at: key.location, remedy: "remove one of the two",
        related: [.init("first written here", at: entries[first].keyLocation)])
      return
    }
    append(YAMLMapping.Entry(key: scalar.text, keyLocation: key.location, value: value))
  }

  /// The mapping with what is merged into it: its own keys win over merged ones, and of those the earlier win.
  consuming func finish(_ faults: inout Diagnostics) -> YAMLMapping {
    guard let merged else { return YAMLMapping(entries) }
    switch merged.value.content {
    case .mapping(let mapping): merge(mapping)
    case .sequence(let nodes) where nodes.allSatisfy({ $0.mapping != nil }):
      for node in nodes { if let mapping = node.mapping { merge(mapping) } }
    case .sequence, .scalar:
      faults.error(
        "<< merges mappings, and this is none", at: merged.value.location, remedy: "write an alias: <<: *name")
    }
    return YAMLMapping(entries)
  }

  private mutating func merge(_ mapping: YAMLMapping) {
    for entry in mapping.entries where position(of: entry.key) == nil { append(entry) }
  }

  private mutating func append(_ entry: YAMLMapping.Entry) {
    entries.append(entry)
    if entries.count == 16 {
      for (position, entry) in entries.enumerated() { index[entry.key] = position }
    } else if entries.count > 16 {
      index[entry.key] = entries.count - 1
    }
  }

  private func position(of key: String) -> Int? {
    entries.count < 16 ? entries.firstIndex { $0.key == key } : index[key]
  }
}
