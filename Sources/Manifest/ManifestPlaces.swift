package import Diagnostics
package import YAML

/// Where the parts of a manifest were written, by their paths: `flows[2]`, `bridges.lan.policy_type`. Any two are equal:
/// manifests that say the same are, however they were written.
package struct ManifestPlaces: Sendable {
  /// nil for a manifest that nobody wrote.
  private let root: YAMLNode?

  package init(_ root: YAMLNode?) { self.root = root }

  /// That of the key or item; where a part of the path was not written, since it is a default, of the last that was. nil
  /// when not even the first was.
  package subscript(path: String) -> SourceLocation? {
    var node = root
    var location: SourceLocation?
    for part in path.split(separator: ".") {
      let pieces = part.split(separator: "[")
      guard let name = pieces.first, let entry = node?.mapping?[String(name)] else { return location }
      location = entry.keyLocation
      node = entry.value
      for piece in pieces.dropFirst() {
        guard let index = Int(piece.dropLast()), let items = node?.sequence, items.indices.contains(index) else {
          return location
        }
        location = items[index].location
        node = items[index]
      }
    }
    return location
  }
}

extension ManifestPlaces: Equatable {
  package static func == (a: Self, b: Self) -> Bool { true }
}
