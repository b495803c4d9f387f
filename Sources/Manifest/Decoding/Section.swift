import Diagnostics
import YAML

/// A mapping whose keys are being read. A key whose value is nothing counts as not set: what nobody wrote holds for it, not
/// what `defaults` says.
struct Section {
  /// Where it stands: what to mark when something is missing in it.
  let location: SourceLocation
  private let mapping: YAMLMapping
  private let defaults: YAMLMapping?

  /// The keys that a section may have.
  struct Keys {
    /// What the section is: "a bridge".
    let noun: String
    let names: [String]
    /// Keys of other tools and what they are called here.
    let meant: [String: String]
    private let set: Set<String>

    init(_ schema: SectionSchema, meant: [String: String] = [:]) {
      noun = schema.noun
      names = schema.keys.map(\.name)
      self.meant = meant
      set = Set(names)
    }

    func contains(_ name: String) -> Bool { set.contains(name) }
  }

  /// nil where the node is no mapping. Nothing at all counts as an empty one. Reports keys that are not known; those of
  /// `defaults` were reported where they were read.
  init?(
    _ node: YAMLNode, at location: SourceLocation, _ keys: Keys, defaults: YAMLMapping? = nil,
    _ faults: inout Diagnostics
  ) {
    guard let mapping = node.isNull ? YAMLMapping([]) : node.mapping else {
      faults.error(
        "\(keys.noun) should be a mapping, not \(node.kindOrText)", at: node.location,
        remedy: "write keys and values: \(keys.names.prefix(3).joined(separator: ", ")), …")
      return nil
    }
    self.location = location
    self.mapping = mapping
    self.defaults = defaults
    for entry in mapping.entries where !keys.contains(entry.key) {
      faults.error("\(keys.noun) has no key \(entry.key)", at: entry.keyLocation, remedy: keys.remedy(for: entry.key))
    }
  }

  /// A section that sets nothing, in place of one that cannot be read.
  init(empty location: SourceLocation) {
    self.location = location
    mapping = YAMLMapping([])
    defaults = nil
  }

  /// nil where the key is not set.
  subscript(key: String) -> YAMLMapping.Entry? {
    guard let entry = mapping[key] ?? defaults?[key], !entry.value.isNull else { return nil }
    return entry
  }

  /// The key is set here, not by defaults.
  func sets(_ key: String) -> Bool { mapping[key].map { !$0.value.isNull } ?? false }

  /// Where the key stands; where it does not, where the section does.
  func location(of key: String) -> SourceLocation { self[key]?.keyLocation ?? location }
}

extension Section.Keys {
  /// What to write instead of an unknown key.
  func remedy(for key: String) -> String {
    if let meant = meant[key] { return "write \(meant)" }
    if let near = Nearest.name(to: key, among: names) { return "did you mean \(near)?" }
    return "it has \(names.joined(separator: ", "))"
  }
}

extension YAMLNode {
  /// For people: the text of a scalar, else what it is.
  var kindOrText: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .scalar(let scalar) where scalar.isNull: "nothing"
    case .scalar(let scalar) where scalar.text.isEmpty: "an empty text"
    case .scalar(let scalar):
      scalar.text.unicodeScalars.count > 60 || scalar.text.contains("\n") ? "such a long text" : scalar.text
    }
  }
}
