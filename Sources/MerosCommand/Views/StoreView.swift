import Host
import Network
import QMP

/// What was built, and who uses it.
package struct StoreView {
  private let retention: Retention
  private let now: Int64

  /// - Parameter now: in seconds since 1970.
  package init(_ retention: Retention, now: Int64) {
    self.retention = retention
    self.now = now
  }

  package func text(_ paint: Paint) -> String {
    guard !retention.items.isEmpty else { return "Nothing was built yet.\n" }
    let rows = retention.items.map { item in
      ["\(item.address)", item.size.rounded, item.age(at: now), words(of: item.address)]
    }
    return Table(rows: [["ENTRY", "SIZE", "AGE", "USED BY"]] + rows).text(paint)
  }

  package var json: String {
    let value: JSON = [
      "format_version": .string(PlanJSON.formatVersion),
      "entries": .array(retention.items.map { Self.json($0, users: retention.users[$0.address] ?? [], now: now) }),
    ]
    return "\(value)\n"
  }

  static func json(_ item: StoreItem, users: Set<StoreItem.User>, now: Int64) -> JSON {
    [
      "address": .string("\(item.address)"), "kind": .string(item.entry.kind.rawValue),
      "name": .string(item.entry.name), "size": .integer(Int64(clamping: item.size.bytes)),
      "built_at": .string(timestamp(ofSecond: item.builtAt)), "age_seconds": .integer(max(0, now - item.builtAt)),
      "digest": .string(item.entry.digest), "fingerprint": .string(item.entry.fingerprint.text),
      "used_by": .array(Set(users.compactMap(\.constellation)).sorted().map(JSON.string)),
      "in_work": .bool(users.contains(.work)),
    ]
  }

  private func words(of address: StoreAddress) -> String {
    let users = retention.users[address] ?? []
    let names = Set(users.compactMap(\.constellation)).sorted()
    return enumerated(names + (users.contains(.work) ? ["work under way"] : []))
  }
}

extension StoreItem {
  /// "5m", "3h", "12d"
  func age(at now: Int64) -> String {
    let seconds = max(0, now - builtAt)
    return switch seconds {
    case ..<3600: "\(seconds / 60)m"
    case ..<172_800: "\(seconds / 3600)h"
    default: "\(seconds / 86_400)d"
    }
  }
}

extension ByteCount {
  /// "512 B", "20 MiB", "1.4 GiB"
  var rounded: String {
    var (unit, value) = ("B", Double(bytes))
    for larger in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
      value /= 1024
      unit = larger
    }
    let tenths = Int((value * 10).rounded())
    return unit == "B" || tenths >= 100 ? "\((tenths + 5) / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
  }
}
