package import Host
import Network
import QMP

/// What `gc` removes.
package struct CollectView {
  let retention: Retention
  private let now: Int64
  private var going: [StoreItem] {
    let removed = Set(retention.removed)
    return retention.items.filter { removed.contains($0.address) }
  }

  /// - Parameter now: in seconds since 1970.
  package init(_ retention: Retention, now: Int64) {
    self.retention = retention
    self.now = now
  }

  package func text(_ paint: Paint) -> String {
    let items = going
    guard !items.isEmpty else { return "Nothing to remove: all that was built is used or kept.\n" }
    let rows = items.map { ["- \($0.address)", $0.size.rounded, $0.age(at: now)] }
    return Table(rows: [["  ENTRY", "SIZE", "AGE"]] + rows).text(paint)
      + "\nTo remove: \(entries(items.count)), \(retention.freed.rounded).\n"
  }

  /// Ends where the answer is typed.
  func question(_ paint: Paint) -> String {
    "\n\(paint("Do you really want to remove this?", .bold))\n  It can be built again from the manifests that want it.\n"
      + "  Only 'yes' will be accepted to approve.\n\n  \(paint("Your answer:", .bold)) "
  }

  /// Nobody is there to answer.
  func nobody(_ paint: Paint) -> String {
    "\(paint("error", .bad)): this needs your approval, and there is no terminal to ask on\n"
      + "  \(paint("do", .bold)): read the list, then run it again with --auto-approve\n"
  }

  package func conclusion(_ removed: [StoreAddress]) -> String {
    let gone = Set(removed)
    let items = going.filter { gone.contains($0.address) }
    let size = ByteCount(bytes: items.reduce(0) { $0 + $1.size.bytes })
    let left = going.count - items.count
    let rest = left == 0 ? "" : "; somebody began to use \(entries(left)), which stayed"
    return "\nRemoved \(entries(items.count)), \(size.rounded)\(rest).\n"
  }

  /// - Parameter removed: what was done of it.
  package func json(removed: [StoreAddress]) -> String {
    let value: JSON = [
      "format_version": .string(PlanJSON.formatVersion),
      "removable": .array(going.map { StoreView.json($0, users: [], now: now) }),
      "removed": .array(removed.map { .string("\($0)") }),
    ]
    return "\(value)\n"
  }

  private func entries(_ count: Int) -> String { count == 1 ? "1 entry" : "\(count) entries" }
}
