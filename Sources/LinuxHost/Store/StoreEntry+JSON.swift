import Host
import QMP
import SystemPackage

extension StoreEntry {
  /// Reads `entry.json` of the folder. nil where there is none, and where it is not what a build writes: then it is as
  /// good as missing and is built anew.
  static func read(_ folder: FilePath) throws(HostError) -> StoreEntry? {
    guard let bytes = try folder.appending("entry.json").contentsIfPresent() else { return nil }
    return JSON(parsing: bytes).flatMap { StoreEntry($0) }
  }

  /// What stands in `entry.json`.
  var json: JSON {
    [
      "kind": .string(kind.rawValue), "name": .string(name), "fingerprint": .string(fingerprint.text),
      "inputs": .object(inputs.mapValues { .string($0) }), "digest": .string(digest),
      "standsOn": .array(standsOn.sorted().map { .string("\($0)") }),
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
    var standsOn: [StoreAddress] = []
    if case .array(let entries)? = json["standsOn"] {
      standsOn = entries.compactMap { $0.string.flatMap { StoreAddress($0) } }
    }
    self.init(
      kind: kind, name: name, fingerprint: fingerprint, inputs: inputs, digest: digest,
      duration: .milliseconds(milliseconds), standsOn: Set(standsOn))
  }
}
