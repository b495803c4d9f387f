import Host
import Network
package import Reconcile

extension Nameserver {
  package static func change(
    _ name: String, from observed: Observed?, to desired: Nameserver?, under circumstances: Circumstances
  ) -> Change? {
    switch (observed, desired) {
    case (nil, nil): nil
    case (let observed?, nil):
      Change(
        .delete, reasons: Reason.differences(from: observed.server.attributes, to: [:]),
        disruption: observed.server.pid == nil ? .none : .reload,
        tearDown: [RemoveNameserver(name: name, scope: observed.scope)])
    case (let observed?, let desired?) where observed.server.pid != nil: update(observed.server, to: desired.design)
    case (_, let desired?):
      Change(
        .create, reasons: Reason.differences(from: [:], to: desired.design.attributes), disruption: .none,
        setUp: [EnsureNameserver(design: desired.design)])
    }
  }

  /// It reads names anew while it runs, and follows a bridge that is made anew under its name; anything else starts it
  /// anew.
  private static func update(_ before: ObservedNameserver, to design: NameserverDesign) -> Change? {
    let differences = Reason.differences(from: before.attributes, to: design.attributes)
    let reasons = differences + namesThatDiffer(before.hosts, design.hosts)
    guard !reasons.isEmpty else { return nil }
    return Change(
      .update, reasons: reasons.sorted(), disruption: .reload,
      tearDown: differences.isEmpty ? [] : [RemoveNameserver(name: design.name, scope: design.scope)],
      setUp: [EnsureNameserver(design: design)])
  }

  private static func namesThatDiffer(
    _ before: [GuestIdentity.HostLine]?, _ after: [GuestIdentity.HostLine]
  ) -> [Reason] {
    guard let before else { return [Reason("names", before: nil, after: "known")] }
    if before == after { return [] }
    let reasons = Reason.differences(from: addresses(in: before), to: addresses(in: after))
    return reasons.isEmpty ? [Reason("names", before: "in another order", after: "in order")] : reasons
  }

  /// By name.
  private static func addresses(in lines: [GuestIdentity.HostLine]) -> [String: String] {
    var all: [String: [IPAddress]] = [:]
    for line in lines {
      for name in line.names { all["name \(name)", default: []].append(line.address) }
    }
    return all.mapValues { $0.sorted().map(\.description).joined(separator: " ") }
  }
}
