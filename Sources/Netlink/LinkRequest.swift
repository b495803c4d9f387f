import CMnl
package import Network

/// Messages that ask for links and change them.
package enum LinkRequest {
  /// Every link without its statistics, which are most of the bytes.
  static var all: NetlinkRequest {
    var request = NetlinkRequest(type: UInt16(RTM_GETLINK), flags: 0, fixed: information())
    request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
    return request
  }

  static func one(_ name: LinkName) -> NetlinkRequest {
    var request = NetlinkRequest(type: UInt16(RTM_GETLINK), flags: 0, fixed: information())
    request.put(IFLA_IFNAME, name.text)
    request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
    return request
  }

  static func one(_ index: Int32) -> NetlinkRequest {
    var request = NetlinkRequest(type: UInt16(RTM_GETLINK), flags: 0, fixed: information(index: index))
    request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
    return request
  }

  /// Creates a bridge that is down, without spanning tree and without waiting before it forwards. Its own MAC keeps it
  /// from taking one of its ports'.
  package static func createBridge(_ name: LinkName, group: UInt32, mac: MACAddress) -> NetlinkRequest {
    var request = NetlinkRequest(
      type: UInt16(RTM_NEWLINK), flags: NLM_F_CREATE | NLM_F_EXCL, fixed: information())
    request.put(IFLA_IFNAME, name.text)
    request.put(IFLA_GROUP, group)
    request.put(IFLA_ADDRESS, mac.bytes)
    request.nest(IFLA_LINKINFO) { details in
      details.put(IFLA_INFO_KIND, "bridge")
      details.nest(IFLA_INFO_DATA) { data in
        data.put(IFLA_BR_STP_STATE, UInt32(0))
        data.put(IFLA_BR_FORWARD_DELAY, UInt32(0))
      }
    }
    return request
  }

  /// Gives an existing bridge the settings that `createBridge` gives a new one, in two messages: with a spanning tree the
  /// kernel refuses not to wait (ERANGE), and of one message it takes the delay first.
  package static func settleBridge(_ name: LinkName) -> [NetlinkRequest] {
    [(IFLA_BR_STP_STATE, UInt32(0)), (IFLA_BR_FORWARD_DELAY, UInt32(0))].map { type, value in
      var request = NetlinkRequest(type: UInt16(RTM_NEWLINK), flags: 0, fixed: information())
      request.put(IFLA_IFNAME, name.text)
      request.nest(IFLA_LINKINFO) { details in
        details.put(IFLA_INFO_KIND, "bridge")
        details.nest(IFLA_INFO_DATA) { $0.put(type, value) }
      }
      return request
    }
  }

  /// Changes the link of this name; nil leaves a thing as it is.
  package static func change(
    _ name: LinkName, group: UInt32? = nil, alias: String? = nil, mtu: UInt32? = nil, mac: MACAddress? = nil,
    master: Int32? = nil, isUp: Bool? = nil
  ) -> NetlinkRequest {
    var request = NetlinkRequest(type: UInt16(RTM_NEWLINK), flags: 0, fixed: information(isUp: isUp))
    request.put(IFLA_IFNAME, name.text)
    if let group { request.put(IFLA_GROUP, group) }
    // The alias goes without NUL: the kernel takes all bytes.
    if let alias { request.put(IFLA_IFALIAS, Array(alias.utf8)) }
    if let mtu { request.put(IFLA_MTU, mtu) }
    if let mac { request.put(IFLA_ADDRESS, mac.bytes) }
    if let master { request.put(IFLA_MASTER, UInt32(bitPattern: master)) }
    return request
  }

  /// Sets whether a port of a bridge may send to other isolated ports. Not together with its master: EOPNOTSUPP.
  package static func isolate(_ name: LinkName, _ isIsolated: Bool) -> NetlinkRequest {
    var request = NetlinkRequest(type: UInt16(RTM_NEWLINK), flags: 0, fixed: information())
    request.put(IFLA_IFNAME, name.text)
    request.nest(IFLA_LINKINFO) { details in
      details.put(IFLA_INFO_SLAVE_KIND, "bridge")
      details.nest(IFLA_INFO_SLAVE_DATA) { $0.put(IFLA_BRPORT_ISOLATED, UInt8(isIsolated ? 1 : 0)) }
    }
    return request
  }

  package static func addAlternativeName(_ name: String, to link: LinkName) -> NetlinkRequest {
    property(UInt16(RTM_NEWLINKPROP), NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND, name, link)
  }

  package static func removeAlternativeName(_ name: String, from link: LinkName) -> NetlinkRequest {
    property(UInt16(RTM_DELLINKPROP), 0, name, link)
  }

  package static func delete(_ index: Int32) -> NetlinkRequest {
    NetlinkRequest(type: UInt16(RTM_DELLINK), flags: 0, fixed: information(index: index))
  }

  private static func property(_ type: UInt16, _ flags: Int32, _ name: String, _ link: LinkName) -> NetlinkRequest {
    var request = NetlinkRequest(type: type, flags: flags, fixed: information())
    request.put(IFLA_IFNAME, link.text)
    request.nest(IFLA_PROP_LIST) { $0.put(IFLA_ALT_IFNAME, name) }
    return request
  }

  /// `struct ifinfomsg`.
  private static func information(index: Int32 = 0, isUp: Bool? = nil) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4)
    for word in [UInt32(bitPattern: index), isUp == true ? LinkFlag.up : 0, isUp == nil ? 0 : LinkFlag.up] {
      unsafe withUnsafeBytes(of: word) { bytes += unsafe Array($0) }
    }
    return bytes
  }
}
