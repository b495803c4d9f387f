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
    let messages = try dump(LinkRequest.all) { LinkMessage($0) }
    let addresses = try dump(AddressRequest.all) { AddressMessage($0) }
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

  /// Every link and every address, each as it is told to whoever listens.
  package mutating func told() throws(NetlinkError) -> (links: [LinkMessage], addresses: [AddressMessage]) {
    (try dump(LinkRequest.all) { LinkMessage($0) }, try dump(AddressRequest.all) { AddressMessage($0) })
  }

  /// Every route of the main table, IPv4 first.
  package mutating func routes() throws(NetlinkError) -> [Route] {
    var messages: [RouteMessage] = []
    for family in IPAddress.Family.allCases {
      messages += try mainRoutes(family)
    }
    let names = try names(of: Set(messages.compactMap(\.linkIndex)))
    return messages.map { Route(destination: $0.destination, link: $0.linkIndex.flatMap { names[$0] }) }
  }

  /// The links with an IPv6 route that the kernel learnt from a router advertisement.
  package mutating func advertisedLinks() throws(NetlinkError) -> Set<LinkName> {
    let routes = try mainRoutes(.v6).filter(\.isAdvertised)
    guard !routes.isEmpty else { return [] }
    return Set(try names(of: Set(routes.compactMap(\.linkIndex))).values)
  }

  private mutating func mainRoutes(_ family: IPAddress.Family) throws(NetlinkError) -> [RouteMessage] {
    do throws(NetlinkError) {
      return try dump(RouteRequest.main(family)) { RouteMessage($0) }
    } catch {
      // A namespace that never had a route does not have the table either; a kernel without IPv6 has no such family.
      guard error.code == ENOENT || error.code == EOPNOTSUPP else { throw error }
      return []
    }
  }

  /// Few links are asked for one by one: routes lead over a handful of what may be a thousand.
  private mutating func names(of indices: Set<Int32>) throws(NetlinkError) -> [Int32: LinkName] {
    var names: [Int32: LinkName] = [:]
    if indices.count > 20 {
      for message in try dump(LinkRequest.all, { LinkMessage($0) }) {
        names[message.link.index] = message.link.name
      }
      return names
    }
    for index in indices.sorted() {
      do throws(NetlinkError) {
        names[index] = try ask(LinkRequest.one(index), { LinkMessage($0) })?.link.name
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
      return try ask(LinkRequest.one(name)) { LinkMessage($0) }
    } catch {
      guard error.code == ENODEV else { throw error }
      return nil
    }
  }

  /// The addresses of one link, without those that the kernel made by itself.
  package mutating func addresses(of index: Int32) throws(NetlinkError) -> [InterfaceAddress] {
    try dump(AddressRequest.of(index)) { AddressMessage($0) }
      .filter { $0.linkIndex == index && !$0.isLinkLocal }.map(\.address).sorted()
  }

  /// The IPv6 addresses that the host answers for on each link, by its index, sorted.
  package mutating func answeredNeighbors() throws(NetlinkError) -> [Int32: [IPAddress]] {
    var found: [Int32: [IPAddress]] = [:]
    for neighbor in try dump(NeighborRequest.proxied, { NeighborMessage($0) }) {
      found[neighbor.linkIndex, default: []].append(neighbor.address)
    }
    return found.mapValues { $0.sorted() }
  }

  /// Sends changes together, in this order; throws the first refusal, after all were tried.
  package mutating func change(_ requests: [NetlinkRequest]) throws(NetlinkError) {
    guard !requests.isEmpty else { return }
    let refusals = try socket.perform(requests)
    guard let (place, error) = refusals.min(by: { $0.key < $1.key }) else { return }
    throw error.naming(requests[place])
  }

  private mutating func dump<Element>(
    _ request: NetlinkRequest, _ decode: (RawSpan) -> Element?
  ) throws(NetlinkError) -> [Element] {
    do throws(NetlinkError) { return try socket.dump(request, decode) } catch { throw error.naming(request) }
  }

  private mutating func ask<Element>(
    _ request: NetlinkRequest, _ decode: (RawSpan) -> Element?
  ) throws(NetlinkError) -> Element? {
    do throws(NetlinkError) { return try socket.ask(request, decode) } catch { throw error.naming(request) }
  }
}

extension NetlinkError {
  /// The same with the name of the request, where the error does not name a system call.
  fileprivate func naming(_ request: NetlinkRequest) -> NetlinkError {
    guard call.isEmpty else { return self }
    var error = self
    error.call =
      switch Int(request.type) {
      case RTM_GETLINK: "RTM_GETLINK"
      case RTM_NEWLINK: "RTM_NEWLINK"
      case RTM_DELLINK: "RTM_DELLINK"
      case RTM_GETADDR: "RTM_GETADDR"
      case RTM_NEWADDR: "RTM_NEWADDR"
      case RTM_DELADDR: "RTM_DELADDR"
      case RTM_GETROUTE: "RTM_GETROUTE"
      case RTM_NEWLINKPROP: "RTM_NEWLINKPROP"
      case RTM_DELLINKPROP: "RTM_DELLINKPROP"
      case RTM_GETNEIGH: "RTM_GETNEIGH"
      case RTM_NEWNEIGH: "RTM_NEWNEIGH"
      case RTM_DELNEIGH: "RTM_DELNEIGH"
      default: "rtnetlink \(request.type)"
      }
    return error
  }
}
