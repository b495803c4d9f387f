import Glibc
package import Host
package import Netlink
package import Network

/// Links, addresses and routes of one network namespace of this machine.
package struct LinuxLinks: Links {
  let namespace: NetworkNamespace

  package init(in namespace: NetworkNamespace = .current) { self.namespace = namespace }

  package func links() async throws(HostError) -> [Link] {
    try Self.attempt("list links") { () throws(NetlinkError) in
      var socket = try RouteSocket.open(in: namespace)
      let users = UserMap.current
      return try routed(try socket.links(), by: &socket).map { users.isWhole ? $0 : Self.owned($0, users) }
    }
  }

  /// A tap that belongs to who stands in for its constellation's user belongs to that user.
  private static func owned(_ link: Link, _ users: UserMap) -> Link {
    guard case .tap(let owner) = link.kind, let scope = link.alias.flatMap({ Mark($0) })?.scope,
      owner == users.standIn(for: scope.uid)
    else { return link }
    var link = link
    link.kind = .tap(owner: scope.uid)
    return link
  }

  package func routes() async throws(HostError) -> [Route] {
    try Self.attempt("list routes") { () throws(NetlinkError) in
      var socket = try RouteSocket.open(in: namespace)
      return try socket.routes()
    }
  }

  package func ensureBridge(_ design: BridgeDesign) async throws(HostError) {
    let deed = "create bridge \(design.name)"
    let obstacle = try Self.attempt(deed) { () throws(NetlinkError) in try makeBridge(design) }
    if let obstacle { throw HostError(deed, obstacle) }
  }

  package func ensureTap(_ design: TapDesign) async throws(HostError) {
    let deed = "create tap \(design.name)"
    let obstacle = try Self.attempt(deed) { () throws(NetlinkError) in try makeTap(design) }
    if let obstacle { throw HostError(deed, obstacle) }
  }

  package func removeLink(_ name: LinkName, group: UInt32) async throws(HostError) {
    try Self.attempt("delete link \(name)") { () throws(NetlinkError) in
      var socket = try RouteSocket.open(in: namespace)
      guard let link = try socket.link(name)?.link, link.group == group else { return }
      do throws(NetlinkError) {
        try socket.change([LinkRequest.delete(link.index)])
      } catch  where error.code == ENODEV {
        // Somebody else was faster.
      }
    }
  }

  /// Names the deed in what the kernel says.
  static func attempt<R: ~Copyable>(
    _ deed: String, _ body: () throws(NetlinkError) -> R
  ) throws(HostError) -> R {
    do {
      return try body()
    } catch {
      switch error.code {
      case EPERM, EACCES: throw HostError(deed, .privilege("CAP_NET_ADMIN"))
      default: throw HostError(deed, .system(errno: error.code, call: error.call))
      }
    }
  }

  /// What keeps a link that exists from being taken for the one of this group and mark; nil when it is that one.
  static func obstacle(_ link: Link, group: UInt32, alias: String) -> HostError.Cause? {
    let kind =
      switch link.kind {
      case .bridge: "bridge"
      case .tap: "tap"
      case .other(let kind): kind.isEmpty ? "link" : kind
      }
    guard link.group == group else { return .notOurs("\(kind) \(link.name)") }
    // Two scopes may share a group, since it has only 24 bits of their names; the mark tells them apart.
    guard let present = link.alias.flatMap({ Mark($0) }), let wanted = Mark(alias), present.scope != wanted.scope else {
      return nil
    }
    return .notOurs("\(kind) \(link.name)")
  }
}
