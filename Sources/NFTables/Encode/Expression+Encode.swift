import CNftnl
import Network

extension Expression {
  /// The expression as libnftnl has it; the caller frees it or gives it to a rule. nil for `other`.
  func encoded() -> OpaquePointer? {
    switch self {
    case .meta(let key, let register):
      unsafe Self.make("meta", [(NFTNL_EXPR_META_KEY, key.rawValue), (NFTNL_EXPR_META_DREG, register.number)])
    case .setMeta(let key, let register):
      unsafe Self.make("meta", [(NFTNL_EXPR_META_KEY, key.rawValue), (NFTNL_EXPR_META_SREG, register.number)])
    case .conntrack(let key, let register):
      unsafe Self.make("ct", [(NFTNL_EXPR_CT_KEY, key.rawValue), (NFTNL_EXPR_CT_DREG, register.number)])
    case .payload(let base, let offset, let length, let register):
      unsafe Self.make(
        "payload",
        [
          (NFTNL_EXPR_PAYLOAD_BASE, base.rawValue), (NFTNL_EXPR_PAYLOAD_OFFSET, offset),
          (NFTNL_EXPR_PAYLOAD_LEN, length), (NFTNL_EXPR_PAYLOAD_DREG, register.number),
        ])
    case .compare(let register, let comparison, let bytes):
      unsafe Self.make(
        "cmp", [(NFTNL_EXPR_CMP_SREG, register.number), (NFTNL_EXPR_CMP_OP, comparison.rawValue)],
        data: [(NFTNL_EXPR_CMP_DATA, bytes)])
    case .mask(let from, let to, let mask, let xor):
      unsafe Self.make(
        "bitwise",
        [
          (NFTNL_EXPR_BITWISE_SREG, from.number), (NFTNL_EXPR_BITWISE_DREG, to.number),
          (NFTNL_EXPR_BITWISE_LEN, UInt32(mask.count)), (NFTNL_EXPR_BITWISE_OP, 0),
        ], data: [(NFTNL_EXPR_BITWISE_MASK, mask), (NFTNL_EXPR_BITWISE_XOR, xor)])
    case .lookup(let register, let set, let isInverted):
      unsafe Self.make(
        "lookup", [(NFTNL_EXPR_LOOKUP_SREG, register.number), (NFTNL_EXPR_LOOKUP_FLAGS, isInverted ? 1 : 0)],
        text: (NFTNL_EXPR_LOOKUP_SET, set))
    case .map(let register, let set, let into):
      unsafe Self.make(
        "lookup", [(NFTNL_EXPR_LOOKUP_SREG, register.number), (NFTNL_EXPR_LOOKUP_DREG, into?.number ?? 0)],
        text: (NFTNL_EXPR_LOOKUP_SET, set))
    case .load(let bytes, let register):
      unsafe Self.make("immediate", [(NFTNL_EXPR_IMM_DREG, register.number)], data: [(NFTNL_EXPR_IMM_DATA, bytes)])
    case .verdict(let verdict):
      unsafe Self.make(
        "immediate",
        [(NFTNL_EXPR_IMM_DREG, 0), (NFTNL_EXPR_IMM_VERDICT, UInt32(bitPattern: verdict.code))],
        text: verdict.chain.map { (NFTNL_EXPR_IMM_CHAIN, $0) })
    case .counter, .limit, .log, .reject, .masquerade, .translate, .destinationType, .other:
      unsafe encodedStatement()
    }
  }

  /// An expression with these numbers, bytes and text; nil where libnftnl does not know the name.
  ///
  /// The corresponding C function is `nftnl_expr_alloc`.
  static func make(
    _ name: String, _ numbers: [(Int, UInt32)], data: [(Int, [UInt8])] = [], text: (Int, String)? = nil
  ) -> OpaquePointer? {
    guard let expression = unsafe nftnl_expr_alloc(name) else { return nil }
    for (attribute, number) in numbers { unsafe nftnl_expr_set_u32(expression, UInt16(attribute), number) }
    for (attribute, bytes) in data {
      _ = unsafe nftnl_expr_set(expression, UInt16(attribute), bytes, UInt32(bytes.count))
    }
    if let text { _ = unsafe nftnl_expr_set_str(expression, UInt16(text.0), text.1) }
    return unsafe expression
  }

  private func encodedStatement() -> OpaquePointer? {
    switch self {
    case .counter: return unsafe Self.make("counter", [])
    case .limit(let limit):
      guard
        let expression = unsafe Self.make(
          "limit",
          [(NFTNL_EXPR_LIMIT_BURST, limit.burst), (NFTNL_EXPR_LIMIT_TYPE, 0), (NFTNL_EXPR_LIMIT_FLAGS, 0)])
      else { return nil }
      unsafe nftnl_expr_set_u64(expression, UInt16(NFTNL_EXPR_LIMIT_RATE), limit.rate)
      unsafe nftnl_expr_set_u64(expression, UInt16(NFTNL_EXPR_LIMIT_UNIT), limit.unit)
      return unsafe expression
    case .log(let prefix, let level):
      return unsafe Self.make("log", [(NFTNL_EXPR_LOG_LEVEL, level)], text: (NFTNL_EXPR_LOG_PREFIX, prefix))
    case .reject(let rejection): return unsafe Self.encoded(rejection)
    case .masquerade(let flags):
      return unsafe Self.make("masq", flags == 0 ? [] : [(NFTNL_EXPR_MASQ_FLAGS, flags)])
    case .translate(let translation): return unsafe Self.encoded(translation)
    case .destinationType(let register):
      return unsafe Self.make(
        "fib",
        [
          (NFTNL_EXPR_FIB_DREG, register.number), (NFTNL_EXPR_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE.rawValue),
          (NFTNL_EXPR_FIB_FLAGS, NFTA_FIB_F_DADDR.rawValue),
        ])
    case .meta, .setMeta, .conntrack, .payload, .compare, .mask, .lookup, .map, .load, .verdict, .other: return nil
    }
  }

  private static func encoded(_ rejection: Rejection) -> OpaquePointer? {
    let (type, code): (Int, UInt8) =
      switch rejection {
      case .tcpReset: (Int(NFT_REJECT_TCP_RST.rawValue), 0)
      case .icmp(let code): (Int(NFT_REJECT_ICMP_UNREACH.rawValue), code)
      case .icmpx(let code): (Int(NFT_REJECT_ICMPX_UNREACH.rawValue), code)
      }
    guard let expression = unsafe make("reject", [(NFTNL_EXPR_REJECT_TYPE, UInt32(type))]) else { return nil }
    unsafe nftnl_expr_set_u8(expression, UInt16(NFTNL_EXPR_REJECT_CODE), code)
    return unsafe expression
  }

  private static func encoded(_ translation: Translation) -> OpaquePointer? {
    var numbers: [(Int, UInt32)] = [
      (NFTNL_EXPR_NAT_TYPE, translation.isDestination ? NFT_NAT_DNAT.rawValue : NFT_NAT_SNAT.rawValue),
      (NFTNL_EXPR_NAT_FAMILY, UInt32((translation.isIPv6 ? TableFamily.ip6 : .ip).number)),
    ]
    if let address = translation.address { numbers.append((NFTNL_EXPR_NAT_REG_ADDR_MIN, address.number)) }
    if let port = translation.port { numbers.append((NFTNL_EXPR_NAT_REG_PROTO_MIN, port.number)) }
    if translation.flags != 0 { numbers.append((NFTNL_EXPR_NAT_FLAGS, translation.flags)) }
    return unsafe make("nat", numbers)
  }
}
