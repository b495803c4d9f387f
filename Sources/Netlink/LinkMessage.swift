import CMnl
package import Network

/// One link as the kernel tells it: what names another link is an index here.
package struct LinkMessage: Sendable {
  /// Without `master` and `addresses`, which other messages tell.
  package var link: Link
  /// The index of the bridge; nil where it is no port.
  package var masterIndex: Int32?
  /// IFF_LOWER_UP; for a tap: somebody is attached to it.
  package var hasCarrier: Bool

  /// Reads RTM_NEWLINK; nil for another message and for a link whose name is none that `LinkName` takes.
  package init?(_ message: RawSpan) { self.init(message, type: RTM_NEWLINK) }

  /// Reads a message of this type, which tells a link as RTM_NEWLINK does.
  init?(_ message: RawSpan, type: Int) {
    // struct ifinfomsg: family, padding, type (16 bits), index, flags, change (32 bits each).
    guard message.integer(UInt16.self, at: 4) == UInt16(type),
      let index = message.integer(Int32.self, at: NetlinkHeader.length + 4),
      let flags = message.integer(UInt32.self, at: NetlinkHeader.length + 8)
    else { return nil }
    var parts = Parts()
    message.forEachAttribute(from: NetlinkHeader.length + 16) { type, value in parts.read(Int(type), value) }
    guard let name = parts.name else { return nil }
    link = Link(
      index: index, name: name, kind: parts.details.kind, group: parts.group, alias: parts.alias,
      alternativeNames: parts.alternativeNames.sorted(), isUp: flags & LinkFlag.up != 0, mac: parts.mac,
      mtu: parts.mtu, isIsolated: parts.details.isIsolated)
    masterIndex = parts.master
    hasCarrier = flags & LinkFlag.lowerUp != 0
  }

  private struct Parts {
    var name: LinkName?
    var group: UInt32 = 0
    var alias: String?
    var alternativeNames: [String] = []
    var master: Int32?
    var mac: MACAddress?
    var mtu: UInt32 = 0
    var details = LinkDetails()

    mutating func read(_ type: Int, _ value: RawSpan) {
      switch type {
      case IFLA_IFNAME: name = LinkName(value.text)
      case IFLA_GROUP: group = value.integer(UInt32.self, at: 0) ?? 0
      case IFLA_IFALIAS: alias = value.text
      case IFLA_PROP_LIST:
        value.forEachAttribute { type, name in
          if type == UInt16(IFLA_ALT_IFNAME) { alternativeNames.append(name.text) }
        }
      case IFLA_MASTER: master = value.integer(Int32.self, at: 0)
      case IFLA_ADDRESS: mac = MACAddress(bytes: value.bytes())
      case IFLA_MTU: mtu = value.integer(UInt32.self, at: 0) ?? 0
      case IFLA_LINKINFO: details = LinkDetails(value)
      default: break
      }
    }
  }
}

/// What IFLA_LINKINFO says of a link: what it is, and how it is as a port.
private struct LinkDetails {
  var kind = Link.Kind.other("")
  var isIsolated = false

  init() {}

  init(_ nest: RawSpan) {
    var text = ""
    var tap = TapFacts()
    var isPort = false
    // The kernel puts the kind before the data that it is the kind of.
    nest.forEachAttribute { type, value in
      switch Int(type) {
      case IFLA_INFO_KIND: text = value.text
      case IFLA_INFO_DATA where text == "tun": tap = TapFacts(value)
      case IFLA_INFO_SLAVE_KIND: isPort = value.text == "bridge"
      case IFLA_INFO_SLAVE_DATA where isPort:
        value.forEachAttribute { type, value in
          if type == UInt16(IFLA_BRPORT_ISOLATED) { isIsolated = value.integer(UInt8.self, at: 0) == 1 }
        }
      default: break
      }
    }
    kind =
      switch text {
      case "bridge": .bridge
      case "tun" where tap.isTap && tap.isPersistent: .tap(owner: tap.owner)
      default: .other(text)
      }
  }
}

private struct TapFacts {
  var isTap = false
  var isPersistent = false
  var owner: UInt32?

  init() {}

  init(_ nest: RawSpan) {
    nest.forEachAttribute { type, value in
      switch Int(type) {
      // 1 is a tun, 2 a tap: the kernel's IFF_TUN and IFF_TAP.
      case IFLA_TUN_TYPE: isTap = value.integer(UInt8.self, at: 0) == 2
      case IFLA_TUN_PERSIST: isPersistent = value.integer(UInt8.self, at: 0) == 1
      case IFLA_TUN_OWNER: owner = value.integer(UInt32.self, at: 0)
      default: break
      }
    }
  }
}

/// Bits of `ifi_flags` (`enum net_device_flags`).
package enum LinkFlag {
  package static let up: UInt32 = 1
  package static let lowerUp: UInt32 = 1 << 16
}
