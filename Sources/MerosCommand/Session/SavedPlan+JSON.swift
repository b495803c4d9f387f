import Manifest
import QMP
import Reconcile

extension SavedPlan {
  /// What the file says it is.
  private static let format = "meros saved plan"
  private static let version: Int64 = 1

  package var text: String {
    let value: JSON = [
      "format": .string(Self.format), "version": .integer(Self.version), "data": .string(dataIdentity),
      "netns": networkNamespace.map(JSON.string) ?? .null, "destroy": .bool(isDestruction),
      "constellations": .array(parts.map(\.json)),
    ]
    return "\(value)\n"
  }

  /// Why a file cannot be taken for a saved plan.
  package enum ReadError: Error, Equatable {
    /// It is something else.
    case notSavedPlan
    /// It was saved by a meros that writes them otherwise.
    case version(Int64)
    /// It is broken.
    case malformed
  }

  package init(parsing bytes: [UInt8]) throws(ReadError) {
    guard let value = JSON(parsing: bytes), value["format"]?.string == Self.format else { throw .notSavedPlan }
    guard let version = value["version"]?.integer, version == Self.version else {
      throw .version(value["version"]?.integer ?? 0)
    }
    guard let data = value["data"]?.string, case .bool(let isDestruction)? = value["destroy"],
      case .array(let parts)? = value["constellations"]
    else { throw .malformed }
    let read = parts.compactMap(Part.init)
    guard read.count == parts.count, !read.isEmpty else { throw .malformed }
    self.init(
      dataIdentity: data, networkNamespace: value["netns"]?.string, isDestruction: isDestruction, parts: read)
  }
}

extension SavedPlan.Part {
  fileprivate var json: JSON {
    [
      "name": .string(constellation), "path": path.map(JSON.string) ?? .null,
      "manifest": manifestDigest.map(JSON.string) ?? .null,
      "former_lock": formerLockDigest.map(JSON.string) ?? .null, "lock": (lock?.text).map(JSON.string) ?? .null,
      "desired": digests(desired), "observed": digests(observed),
      "targets": list(options.targets), "replacements": list(options.replacements),
      "deletions": list(options.deletions), "changes": .array(changes.map(\.json)),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let name = json["name"]?.string, let desired = Self.digests(json["desired"]),
      let observed = Self.digests(json["observed"]), let targets = Self.addresses(json["targets"]),
      let replacements = Self.addresses(json["replacements"]), let deletions = Self.addresses(json["deletions"]),
      case .array(let changes)? = json["changes"]
    else { return nil }
    let read = changes.compactMap(SavedPlan.SavedChange.init)
    guard read.count == changes.count else { return nil }
    let text = json["lock"]?.string
    // A saved plan with faults is refused as a whole, wherever they are.
    let lock = text.flatMap { try? LockFile(Array($0.utf8), file: "lock") }
    guard (lock == nil) == (text == nil) else { return nil }
    self.init(
      constellation: name, path: json["path"]?.string, manifestDigest: json["manifest"]?.string,
      formerLockDigest: json["former_lock"]?.string, lock: lock, desired: desired, observed: observed,
      options: PlanOptions(targets: targets, replacements: replacements, deletions: deletions), changes: read)
  }

  private func digests(_ digests: [ResourceAddress: String]) -> JSON {
    .object([String: JSON](digests.map { ("\($0.key)", .string($0.value)) }) { first, _ in first })
  }

  private func list(_ addresses: Set<ResourceAddress>) -> JSON {
    .array(addresses.sorted().map { .string("\($0)") })
  }

  private static func digests(_ json: JSON?) -> [ResourceAddress: String]? {
    guard let strings = json?.strings else { return nil }
    var all: [ResourceAddress: String] = [:]
    for (key, value) in strings {
      guard let address = ResourceAddress(key) else { return nil }
      all[address] = value
    }
    return all
  }

  private static func addresses(_ json: JSON?) -> Set<ResourceAddress>? {
    guard case .array(let values)? = json else { return nil }
    let addresses = values.compactMap { $0.string.flatMap { ResourceAddress($0) } }
    return addresses.count == values.count ? Set(addresses) : nil
  }
}

extension SavedPlan.SavedChange {
  fileprivate var json: JSON {
    let reasons = reasons.map { reason in
      JSON.object([
        "path": .string(reason.path), "before": reason.before.map(JSON.string) ?? .null,
        "after": reason.after.map(JSON.string) ?? .null,
      ])
    }
    return [
      "address": .string("\(address)"), "verb": .string(verb.rawValue), "disruption": .string(disruption.rawValue),
      "reasons": .array(reasons),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let address = json["address"]?.string.flatMap({ ResourceAddress($0) }),
      let verb = json["verb"]?.string.flatMap({ Change.Verb(rawValue: $0) }),
      let disruption = json["disruption"]?.string.flatMap({ Disruption(rawValue: $0) }),
      case .array(let reasons)? = json["reasons"]
    else { return nil }
    let read = reasons.compactMap { reason in
      reason["path"]?.string.map { Reason($0, before: reason["before"]?.string, after: reason["after"]?.string) }
    }
    guard read.count == reasons.count else { return nil }
    self.init(address: address, verb: verb, disruption: disruption, reasons: read)
  }
}
