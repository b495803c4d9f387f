import Manifest
import QMP

/// What a manifest may hold as a JSON Schema (draft-07, json-schema.org), for editors and validators.
///
/// It is stricter than meros where an editor should be: a key without a value is a mistake, but for a section of which
/// nothing must be set, such as a machine.
struct SchemaView {
  private let schema: SectionSchema

  init(_ schema: SectionSchema) { self.schema = schema }

  var text: String { "\(value.indented)\n" }

  var value: JSON {
    guard case .object(var members) = Self.object(schema) else { return .null }
    members["$schema"] = "http://json-schema.org/draft-07/schema#"
    members["title"] = "meros constellation"
    members["definitions"] = .object(Self.definitions(of: schema).mapValues(Self.object))
    return .object(members)
  }

  private static func object(_ section: SectionSchema) -> JSON {
    let required = section.keys.filter(\.isRequired).map { JSON.string($0.name) }
    var members: [String: JSON] = [
      "type": required.isEmpty ? ["object", "null"] : "object", "additionalProperties": .bool(false),
      "properties": .object(
        [String: JSON](section.keys.map { ($0.name, property($0)) }) { first, _ in first }),
    ]
    if !required.isEmpty { members["required"] = .array(required) }
    return .object(members)
  }

  /// What stands beside a `$ref` counts for nothing in draft-07, so that goes one level down.
  private static func property(_ key: SectionSchema.Key) -> JSON {
    guard case .object(var members) = value(key.shape) else { return .null }
    if members["$ref"] != nil { members = ["allOf": .array([.object(members)])] }
    members["description"] = .string(key.description)
    return .object(members)
  }

  private static func value(_ shape: SectionSchema.Shape) -> JSON {
    switch shape {
    case .text(let examples): ["type": "string", "examples": .array(examples.map(JSON.string))]
    case .textOrNumber(let examples):
      ["type": ["string", "number"], "examples": .array(examples.map(JSON.string))]
    case .number(let range):
      [
        "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
        "maximum": .integer(Int64(range.upperBound)),
      ]
    case .boolean: ["type": "boolean"]
    case .word(let words): ["enum": .array(words.map(JSON.string))]
    case .list(let shape): ["type": "array", "items": value(shape)]
    case .named(let shape): ["type": "object", "additionalProperties": value(shape)]
    case .section(let section): ["$ref": .string("#/definitions/\(name(section))")]
    case .any(let shapes): ["anyOf": .array(shapes.map(value))]
    }
  }

  /// Every section below it, by its name.
  private static func definitions(of section: SectionSchema) -> [String: SectionSchema] {
    section.keys.reduce(into: [:]) { all, key in
      for found in sections(in: key.shape) {
        all[name(found)] = found
        all.merge(definitions(of: found)) { first, _ in first }
      }
    }
  }

  private static func sections(in shape: SectionSchema.Shape) -> [SectionSchema] {
    switch shape {
    case .text, .textOrNumber, .number, .boolean, .word: []
    case .list(let shape), .named(let shape): sections(in: shape)
    case .section(let section): [section]
    case .any(let shapes): shapes.flatMap(sections)
    }
  }

  /// "a virtual machine's limits": `virtual_machines_limits`.
  private static func name(_ section: SectionSchema) -> String {
    let words = section.noun.split(separator: " ").drop { $0 == "a" || $0 == "an" }
    return words.joined(separator: "_").filter { $0 != "'" }
  }
}
