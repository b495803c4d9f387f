import Host
import QMP

extension StoreEntry {
  /// What stands in `entry.json`.
  var json: JSON {
    [
      "kind": .string(kind.rawValue), "name": .string(name), "fingerprint": .string(fingerprint.text),
      "inputs": .object(inputs.mapValues { .string($0) }), "digest": .string(digest),
      "milliseconds": .integer(duration / .milliseconds(1) < 1e15 ? Int64(duration / .milliseconds(1)) : 0),
    ]
  }

  /// nil where it is not what `json` writes.
  init?(_ json: JSON) {
    guard let kind = json["kind"]?.string.flatMap(StoreKind.init), let name = json["name"]?.string,
      let fingerprint = json["fingerprint"]?.string.flatMap({ Fingerprint($0) }),
      let inputs = json["inputs"]?.strings, let digest = json["digest"]?.string,
      let milliseconds = json["milliseconds"]?.integer
    else { return nil }
    self.init(
      kind: kind, name: name, fingerprint: fingerprint, inputs: inputs, digest: digest,
      duration: .milliseconds(milliseconds))
  }
}
