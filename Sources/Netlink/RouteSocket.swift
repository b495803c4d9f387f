import CMnl
import Glibc
package import Network

/// A socket that speaks rtnetlink: looks at links, addresses and routes of one namespace and changes them.
package struct RouteSocket: ~Copyable {
  private var socket: NetlinkSocket

  package static func open(in namespace: NetworkNamespace = .current) throws(NetlinkError) -> RouteSocket {
    RouteSocket(socket: try NetlinkSocket.open(.route, in: namespace))
  }

  private init(socket: consuming NetlinkSocket) { self.socket = socket }

  /// Every link with its master and addresses, by index.
  package mutating func links() throws(NetlinkError) -> [Link] {
    let messages = try socket.dump(LinkRequest.all) { LinkMessage($0) }
    let addresses = try socket.dump(AddressRequest.all) { AddressMessage($0) }
    var names: [Int32: LinkName] = [:]
    for message in messages { names[message.link.index] = message.link.name }
    var byLink: [Int32: [InterfaceAddress]] = [:]
    for address in addresses where !address.isLinkLocal {
      byLink[address.linkIndex, default: []].append(address.address)
    }
    return messages.map { message in
      var link = message.link
      link.master = message.masterIndex.flatMap { names[$0] }
      if let own = byLink[link.index] { link.addresses = own.sorted() }
      return link
    }
  }

  /// Every route of the main table, IPv4 first.
  package mutating func routes() throws(NetlinkError) -> [Route] {
    var messages: [RouteMessage] = []
    for family in IPAddress.Family.allCases {
      messages += try socket.dump(RouteRequest.main(family)) { RouteMessage($0) }
    }
    let names = try names(of: Set(messages.compactMap(\.linkIndex)))
    return messages.map { Route(destination: $0.destination, link: $0.linkIndex.flatMap { names[$0] }) }
  }

  /// The links with an IPv6 route that the kernel learnt from a router advertisement.
  package mutating func advertisedLinks() throws(NetlinkError) -> Set<LinkName> {
    let routes = try socket.dump(RouteRequest.main(.v6)) { RouteMessage($0) }.filter(\.isAdvertised)
    guard !routes.isEmpty else { return [] }
    return Set(try names(of: Set(routes.compactMap(\.linkIndex))).values)
  }

  /// Few links are asked for one by one: routes lead over a handful of what may be a thousand.
  private mutating func names(of indices: Set<Int32>) throws(NetlinkError) -> [Int32: LinkName] {
    var names: [Int32: LinkName] = [:]
    if indices.count > 20 {
      for message in try socket.dump(LinkRequest.all, { LinkMessage($0) }) {
        names[message.link.index] = message.link.name
      }
      return names
    }
    for index in indices.sorted() {
      do throws(NetlinkError) {
        names[index] = try socket.ask(LinkRequest.one(index), { LinkMessage($0) })?.link.name
      } catch {
        // It went after its route was told.
        guard error.code == ENODEV else { throw error }
      }
    }
    return names
  }

  /// The link of this name; nil when there is none.
  package mutating func link(_ name: LinkName) throws(NetlinkError) -> LinkMessage? {
    do {
      return try socket.ask(LinkRequest.one(name)) { LinkMessage($0) }
    } catch {
      guard error.code == ENODEV else { throw error }
      return nil
    }
  }

  /// The addresses of one link, without those that the kernel made by itself.
  package mutating func addresses(of index: Int32) throws(NetlinkError) -> [InterfaceAddress] {
    try socket.dump(AddressRequest.of(index)) { AddressMessage($0) }
      .filter { $0.linkIndex == index && !$0.isLinkLocal }.map(\.address).sorted()
  }

  /// Sends changes together, in this order; throws the first refusal, after all were tried.
  package mutating func change(_ requests: [NetlinkRequest]) throws(NetlinkError) {
    guard !requests.isEmpty else { return }
    let refusals = try socket.perform(requests)
    guard case (let place, var error)? = refusals.min(by: { $0.key < $1.key }) else { return }
    error.call = Self.name(ofType: requests[place].type)
    throw error
  }

  private static func name(ofType type: UInt16) -> String {
    switch Int(type) {
    case RTM_NEWLINK: "RTM_NEWLINK"
    case RTM_DELLINK: "RTM_DELLINK"
    case RTM_NEWADDR: "RTM_NEWADDR"
    case RTM_DELADDR: "RTM_DELADDR"
    case RTM_NEWLINKPROP: "RTM_NEWLINKPROP"
    case RTM_DELLINKPROP: "RTM_DELLINKPROP"
    default: "rtnetlink \(type)"
    }
  }
}
