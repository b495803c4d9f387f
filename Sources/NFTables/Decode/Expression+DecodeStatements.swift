import CNftnl
import Network

/// Expressions that do something instead of reading the packet.
extension Expression {
  static func limit(_ attributes: Attributes) -> Expression? {
    let (rate, unit, burst) = (NFTA_LIMIT_RATE.rawValue, NFTA_LIMIT_UNIT.rawValue, NFTA_LIMIT_BURST.rawValue)
    let (type, flags) = (NFTA_LIMIT_TYPE.rawValue, NFTA_LIMIT_FLAGS.rawValue)
    guard attributes.areAll(among: [rate, unit, burst, type, flags, NFTA_LIMIT_PAD.rawValue]),
      attributes.number(type) ?? 0 == NFT_LIMIT_PKTS.rawValue, attributes.number(flags) ?? 0 == 0,
      let rate = attributes.longNumber(rate), let unit = attributes.longNumber(unit)
    else { return nil }
    return .limit(RateLimit(rate: rate, unit: unit, burst: attributes.number(burst) ?? 0))
  }

  static func log(_ attributes: Attributes) -> Expression? {
    let (prefix, level) = (NFTA_LOG_PREFIX.rawValue, NFTA_LOG_LEVEL.rawValue)
    guard attributes.areAll(among: [prefix, level]) else { return nil }
    return .log(
      prefix: attributes.text(prefix) ?? "", level: attributes.number(level) ?? NFT_LOGLEVEL_WARNING.rawValue)
  }

  static func reject(_ attributes: Attributes) -> Expression? {
    let (type, code) = (NFTA_REJECT_TYPE.rawValue, NFTA_REJECT_ICMP_CODE.rawValue)
    guard attributes.areAll(among: [type, code]), let type = attributes.number(type) else { return nil }
    switch type {
    case UInt32(NFT_REJECT_TCP_RST.rawValue): return .reject(.tcpReset)
    case UInt32(NFT_REJECT_ICMP_UNREACH.rawValue): return attributes.byte(code).map { .reject(.icmp($0)) }
    case UInt32(NFT_REJECT_ICMPX_UNREACH.rawValue): return attributes.byte(code).map { .reject(.icmpx($0)) }
    default: return nil
    }
  }

  static func translate(_ attributes: Attributes) -> Expression? {
    let (type, family, flags) = (NFTA_NAT_TYPE.rawValue, NFTA_NAT_FAMILY.rawValue, NFTA_NAT_FLAGS.rawValue)
    let (address, lastAddress) = (NFTA_NAT_REG_ADDR_MIN.rawValue, NFTA_NAT_REG_ADDR_MAX.rawValue)
    let (port, lastPort) = (NFTA_NAT_REG_PROTO_MIN.rawValue, NFTA_NAT_REG_PROTO_MAX.rawValue)
    guard attributes.areAll(among: [type, family, flags, address, lastAddress, port, lastPort]),
      let kind = attributes.number(type), kind <= NFT_NAT_DNAT.rawValue,
      let family = attributes.number(family).flatMap({ TableFamily(number: UInt8(truncatingIfNeeded: $0)) }),
      family == .ip || family == .ip6,
      [nil, attributes.register(address)].contains(attributes.register(lastAddress)),
      [nil, attributes.register(port)].contains(attributes.register(lastPort))
    else { return nil }
    return .translate(
      Translation(
        isDestination: kind == NFT_NAT_DNAT.rawValue, isIPv6: family == .ip6, address: attributes.register(address),
        port: attributes.register(port), flags: (attributes.number(flags) ?? 0) & ~Translation.impliedFlags))
  }

  static func destinationType(_ attributes: Attributes) -> Expression? {
    let (to, result, flags) = (NFTA_FIB_DREG.rawValue, NFTA_FIB_RESULT.rawValue, NFTA_FIB_FLAGS.rawValue)
    guard attributes.areAll(among: [to, result, flags]),
      attributes.number(result) == NFT_FIB_RESULT_ADDRTYPE.rawValue,
      attributes.number(flags) == NFTA_FIB_F_DADDR.rawValue, let register = attributes.register(to)
    else { return nil }
    return .destinationType(register)
  }
}

extension Translation {
  /// NF_NAT_RANGE_MAP_IPS and NF_NAT_RANGE_PROTO_SPECIFIED, which the kernel sets by itself.
  static let impliedFlags: UInt32 = 3
}
