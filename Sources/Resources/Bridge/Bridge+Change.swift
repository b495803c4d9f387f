import Network
package import Reconcile

extension Bridge {
  package static func change(
    _ name: String, from: ObservedBridge?, to: Bridge?, under circumstances: Circumstances
  ) -> Change? {
    switch (from?.link, to) {
    case (nil, nil): nil
    case (let before?, nil): removal(of: before)
    case (let before, let after?) where !after.isOurs:
      handover(of: before, to: after, isThere: from?.isForeignThere ?? false)
    case (nil, let after?):
      Change(
        .create, reasons: Reason.differences(from: [:], to: after.attributes), disruption: .none,
        setUp: [EnsureBridge(design: after.design)])
    case (let before?, let after?): update(before, to: after)
    }
  }

  private static func removal(of before: Link) -> Change {
    Change(
      .delete, reasons: Reason.differences(from: attributes(of: before), to: [:]), disruption: .live,
      tearDown: [RemoveLink(before)])
  }

  /// The bridge is the owner's now: ours of that name in the manifest goes, theirs must be there.
  private static func handover(of before: Link?, to after: Bridge, isThere: Bool) -> Change? {
    let obstacle: Change.Obstacle? = isThere ? nil : .missing("bridge \(after.design.name)")
    guard before != nil || obstacle != nil else { return nil }
    let reasons = before.map { [Reason("auto_create", before: "true (\($0.name))", after: "false")] } ?? []
    return Change(
      before == nil ? .create : .replace, reasons: reasons, disruption: before == nil ? .none : .live,
      tearDown: before.map { [RemoveLink($0)] } ?? [], obstacle: obstacle)
  }

  /// Everything but the link's name changes in place; with another name the taps move over.
  private static func update(_ before: Link, to after: Bridge) -> Change? {
    let reasons = Reason.differences(from: attributes(of: before), to: after.attributes)
    guard !reasons.isEmpty else { return nil }
    guard before.name != after.design.name else {
      return Change(.update, reasons: reasons, disruption: .live, setUp: [EnsureBridge(design: after.design)])
    }
    return Change(
      .replace, reasons: reasons, disruption: .live, tearDown: [RemoveLink(before)],
      setUp: [EnsureBridge(design: after.design)])
  }

  private var attributes: [String: String] {
    var all = ["link": "\(design.name)", "mtu": "\(design.mtu)", "mark": design.alias, "up": "true"]
    Self.add(design.addresses, to: &all)
    Self.add(design.routing, to: &all)
    return all
  }

  private static func attributes(of link: Link) -> [String: String] {
    var all = ["link": "\(link.name)", "mtu": "\(link.mtu)", "up": "\(link.isUp)"]
    if let alias = link.alias { all["mark"] = alias }
    add(link.addresses, to: &all)
    add(link.routing, to: &all)
    return all
  }

  /// Most bridges have none of it, and then nothing is said.
  private static func add(_ routing: BridgeRouting, to attributes: inout [String: String]) {
    if routing.answersForOthers != .off { attributes["answers for machines"] = routing.answersForOthers.rawValue }
    if !routing.answeredAddresses.isEmpty {
      attributes["answers for"] = routing.answeredAddresses.map(\.description).joined(separator: " ")
    }
    if routing.routesLoopback { attributes["routes loopback"] = "true" }
  }

  private static func add(_ addresses: [InterfaceAddress], to attributes: inout [String: String]) {
    for (family, key) in [(IPAddress.Family.v4, "subnet"), (.v6, "subnet6")] {
      let own = addresses.filter { $0.address.family == family }.sorted()
      if !own.isEmpty { attributes[key] = own.map(\.description).joined(separator: " ") }
    }
  }
}
