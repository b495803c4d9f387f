import Host
import Netlink
import Network

/// The links of one scope as they were told last: what is told of them tells all, and what became of them is the
/// difference.
struct KnownLinks {
  private let scope: Scope
  /// Links that count whatever they carry, by their names: those that the manifest wants.
  private let wanted: [LinkName: String]
  private var links: [Int32: Known] = [:]
  /// Every link, since any may be the bridge of one of ours.
  private var names: [Int32: LinkName] = [:]

  private struct Known {
    var link: Link
    var hasCarrier: Bool
  }

  init(of scope: Scope, wanted: [LinkName: String]) {
    self.scope = scope
    self.wanted = wanted
  }

  /// Takes what is there and tells nothing.
  mutating func reset(_ messages: [LinkMessage], _ addresses: [AddressMessage]) {
    links = [:]
    names = [:]
    for message in messages { names[message.link.index] = message.link.name }
    for message in messages { _ = take(.link(message)) }
    for address in addresses { _ = take(.address(address)) }
  }

  /// nil where it is nothing new, or not of ours.
  mutating func take(_ notice: LinkNotice) -> LinkEvent? {
    switch notice {
    case .link(let message): return take(message)
    case .linkGone(let message):
      names[message.link.index] = nil
      guard let known = links.removeValue(forKey: message.link.index) else { return nil }
      return event(known.link, .vanished)
    case .address(let message): return take(message, isThere: true)
    case .addressGone(let message): return take(message, isThere: false)
    }
  }

  private mutating func take(_ message: LinkMessage) -> LinkEvent? {
    let index = message.link.index
    names[index] = message.link.name
    var new = Known(link: message.link, hasCarrier: message.hasCarrier)
    new.link.master = message.masterIndex.flatMap { names[$0] }
    guard let old = links[index] else {
      guard isOurs(new.link) else { return nil }
      links[index] = new
      return event(new.link, .appeared)
    }
    new.link.addresses = old.link.addresses
    links[index] = new
    let changes = changes(from: old, to: new)
    return changes.isEmpty ? nil : event(new.link, .changed(changes))
  }

  private mutating func take(_ message: AddressMessage, isThere: Bool) -> LinkEvent? {
    guard !message.isLinkLocal, let known = links[message.linkIndex],
      known.link.addresses.contains(message.address) != isThere
    else { return nil }
    if isThere {
      links[message.linkIndex]?.link.addresses.append(message.address)
    } else {
      links[message.linkIndex]?.link.addresses.removeAll { $0 == message.address }
    }
    return event(known.link, .changed([.address(message.address, isThere: isThere)]))
  }

  private func isOurs(_ link: Link) -> Bool {
    // Two scopes may share a group; the mark, which comes right after the link, tells them apart.
    let mark = link.alias.flatMap { Mark($0) }
    return wanted[link.name] != nil || link.group == scope.linkGroup && mark.map { $0.scope == scope } ?? true
  }

  private func event(_ link: Link, _ fate: LinkEvent.Fate) -> LinkEvent {
    let mark = link.alias.flatMap { Mark($0) }
    let address = mark?.scope == scope ? mark?.address : nil
    return LinkEvent(name: link.name, address: address ?? wanted[link.name], fate: fate)
  }

  private func changes(from old: Known, to new: Known) -> [LinkEvent.Change] {
    var changes: [LinkEvent.Change] = []
    if old.link.name != new.link.name { changes.append(.name(from: old.link.name)) }
    if old.link.isUp != new.link.isUp { changes.append(.isUp(new.link.isUp)) }
    if old.hasCarrier != new.hasCarrier { changes.append(.hasCarrier(new.hasCarrier)) }
    if old.link.master != new.link.master { changes.append(.master(new.link.master)) }
    if old.link.mtu != new.link.mtu { changes.append(.mtu(new.link.mtu)) }
    if old.link.mac != new.link.mac { changes.append(.mac(new.link.mac)) }
    if old.link.alias != new.link.alias { changes.append(.mark(new.link.alias)) }
    if old.link.isIsolated != new.link.isIsolated { changes.append(.isIsolated(new.link.isIsolated)) }
    return changes
  }
}
