import CNftnl
import Netlink
import Network

extension Expression {
  /// Reads NFTA_EXPR_*. What it has no word for, and every attribute that it does not know, becomes `other`. nil for
  /// what nft itself adds without effect.
  init?(_ span: RawSpan) {
    var name = ""
    var data: [UInt8] = []
    span.forEachAttribute { type, value in
      switch UInt32(type) {
      case NFTA_EXPR_NAME.rawValue: name = value.text
      case NFTA_EXPR_DATA.rawValue: data = value.bytes()
      default: break
      }
    }
    let attributes = Attributes(unsafe data.span.bytes)
    // nft 1.0.6 swaps the order of one byte after each field of one byte in a key of ranges.
    if name == "byteorder", attributes.number(NFTA_BYTEORDER_LEN.rawValue) == 1 { return nil }
    self = Self.known(name, attributes) ?? .other(name: name, attributes: data)
  }

  private static func known(_ name: String, _ attributes: Attributes) -> Expression? {
    switch name {
    case "meta": meta(attributes)
    case "ct": conntrack(attributes)
    case "payload": payload(attributes)
    case "cmp": compare(attributes)
    case "bitwise": mask(attributes)
    case "lookup": lookup(attributes)
    case "immediate": immediate(attributes)
    case "counter": .counter
    case "limit": limit(attributes)
    case "log": log(attributes)
    case "reject": reject(attributes)
    case "masq":
      attributes.areAll(among: [NFTA_MASQ_FLAGS.rawValue])
        ? .masquerade(flags: attributes.number(NFTA_MASQ_FLAGS.rawValue) ?? 0) : nil
    case "nat": translate(attributes)
    case "fib": destinationType(attributes)
    default: nil
    }
  }

  private static func meta(_ attributes: Attributes) -> Expression? {
    let (key, to, from) = (NFTA_META_KEY.rawValue, NFTA_META_DREG.rawValue, NFTA_META_SREG.rawValue)
    guard attributes.areAll(among: [key, to, from]), let key = attributes.number(key).flatMap(MetaKey.init(rawValue:))
    else { return nil }
    if let register = attributes.register(to) { return .meta(key, register) }
    return attributes.register(from).map { .setMeta(key, $0) }
  }

  private static func conntrack(_ attributes: Attributes) -> Expression? {
    let (key, to) = (NFTA_CT_KEY.rawValue, NFTA_CT_DREG.rawValue)
    guard attributes.areAll(among: [key, to]), let key = attributes.number(key).flatMap(ConntrackKey.init(rawValue:)),
      let register = attributes.register(to)
    else { return nil }
    return .conntrack(key, register)
  }

  private static func payload(_ attributes: Attributes) -> Expression? {
    let (base, offset) = (NFTA_PAYLOAD_BASE.rawValue, NFTA_PAYLOAD_OFFSET.rawValue)
    let (length, to) = (NFTA_PAYLOAD_LEN.rawValue, NFTA_PAYLOAD_DREG.rawValue)
    guard attributes.areAll(among: [base, offset, length, to]),
      let base = attributes.number(base).flatMap(PayloadBase.init(rawValue:)), let offset = attributes.number(offset),
      let length = attributes.number(length), let register = attributes.register(to)
    else { return nil }
    return .payload(base, offset: offset, length: length, register)
  }

  private static func compare(_ attributes: Attributes) -> Expression? {
    let (from, operation, data) = (NFTA_CMP_SREG.rawValue, NFTA_CMP_OP.rawValue, NFTA_CMP_DATA.rawValue)
    guard attributes.areAll(among: [from, operation, data]), let register = attributes.register(from),
      let comparison = attributes.number(operation).flatMap(Comparison.init(rawValue:)),
      let data = attributes.data(data)
    else { return nil }
    return .compare(register, comparison, data)
  }

  private static func mask(_ attributes: Attributes) -> Expression? {
    let (from, to, length) = (NFTA_BITWISE_SREG.rawValue, NFTA_BITWISE_DREG.rawValue, NFTA_BITWISE_LEN.rawValue)
    let (mask, xor, operation) = (
      NFTA_BITWISE_MASK.rawValue, NFTA_BITWISE_XOR.rawValue, NFTA_BITWISE_OP.rawValue
    )
    // Operation 0 is masking; its name differs between kernels' headers.
    guard attributes.areAll(among: [from, to, length, mask, xor, operation]),
      attributes.number(operation) ?? 0 == 0,
      let from = attributes.register(from), let to = attributes.register(to), let mask = attributes.data(mask),
      let xor = attributes.data(xor)
    else { return nil }
    return .mask(from, to: to, mask: mask, xor: xor)
  }

  private static func lookup(_ attributes: Attributes) -> Expression? {
    let (set, from, to) = (NFTA_LOOKUP_SET.rawValue, NFTA_LOOKUP_SREG.rawValue, NFTA_LOOKUP_DREG.rawValue)
    let flags = NFTA_LOOKUP_FLAGS.rawValue
    guard attributes.areAll(among: [set, from, to, flags]), let set = attributes.text(set),
      let from = attributes.register(from)
    else { return nil }
    let inversion = attributes.number(flags) ?? 0
    guard let to = attributes.number(to) else {
      return inversion <= 1 ? .lookup(from, set: set, isInverted: inversion == 1) : nil
    }
    guard inversion == 0 else { return nil }
    if to == NFT_REG_VERDICT.rawValue { return .map(from, set: set, into: nil) }
    return Register(number: to).map { .map(from, set: set, into: $0) }
  }

  private static func immediate(_ attributes: Attributes) -> Expression? {
    let (to, data) = (NFTA_IMMEDIATE_DREG.rawValue, NFTA_IMMEDIATE_DATA.rawValue)
    guard attributes.areAll(among: [to, data]), let number = attributes.number(to) else { return nil }
    if number == NFT_REG_VERDICT.rawValue { return attributes.verdict(data).map(Self.verdict) }
    guard let register = Register(number: number), let data = attributes.data(data) else { return nil }
    return .load(data, register)
  }
}
