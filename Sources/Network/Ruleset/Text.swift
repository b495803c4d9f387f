extension SetDefinition {
  /// An element as nft lists it: `"tap0" . 52:54:00:00:00:01 . 10.0.0.1`, without its comment.
  package func text(of element: SetElement) -> String {
    guard element.key.count >= keyLength, !key.isEmpty else { return element.key.isEmpty ? "*" : hex(element.key) }
    let first = fields(of: element.key, as: key)
    let last = element.last.map { fields(of: $0, as: key) } ?? first
    let text = zip(first, last).map { $0 == $1 ? $0 : "\($0)-\($1)" }.joined(separator: " . ")
    switch (element.value, value) {
    case (nil, _): return text
    case (.verdict(let verdict), _): return "\(text) : \(verdict)"
    case (.data(let bytes), .fields(let types)):
      return "\(text) : \(fields(of: bytes, as: types).joined(separator: " . "))"
    case (.data(let bytes), _): return "\(text) : \(hex(bytes))"
    }
  }

  private func fields(of bytes: [UInt8], as types: [FieldType]) -> [String] {
    var start = 0
    return types.map { type in
      let end = min(start + type.length, bytes.count)
      let field = bytes[min(start, end)..<end]
      start += type.paddedLength
      return type.text(of: Array(field))
    }
  }
}

extension FieldType {
  /// The field's bytes, without padding, as nft writes them.
  fileprivate func text(of bytes: [UInt8]) -> String {
    let number = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch self {
    case .link: return "\"\(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))\""
    case .mac: return MACAddress(bytes: bytes).map(\.description) ?? hex(bytes)
    case .ipv4, .ipv6, .neighborTarget: return IPAddress(bytes: bytes).map(\.description) ?? hex(bytes)
    case .transport: return TransportProtocol.allCases.first { UInt64($0.number) == number }?.rawValue ?? "\(number)"
    case .port, .icmpType, .icmp6Type: return "\(number)"
    // In host order.
    case .mark, .conntrackState: return "\(bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })"
    }
  }
}

extension Verdict: CustomStringConvertible {
  package var description: String {
    switch self {
    case .accept: "accept"
    case .drop: "drop"
    case .proceed: "continue"
    case .giveBack: "return"
    case .jump(let chain): "jump \(chain)"
    case .goto(let chain): "goto \(chain)"
    }
  }
}

extension Rule: CustomStringConvertible {
  /// The expressions in the manner of `nft --debug=netlink`, then the comment.
  package var description: String {
    let text = expressions.map(\.description).joined(separator: " ")
    return comment.map { "\(text) comment \"\($0)\"" } ?? text
  }
}

extension Expression: CustomStringConvertible {
  package var description: String {
    switch self {
    case .meta(let key, let register): "[meta \(key) => r\(register.word)]"
    case .setMeta(let key, let register): "[meta \(key) <= r\(register.word)]"
    case .conntrack(let key, let register): "[ct \(key) => r\(register.word)]"
    case .payload(let base, let offset, let length, let register):
      "[payload \(base)+\(offset),\(length) => r\(register.word)]"
    case .compare(let register, let comparison, let bytes): "[r\(register.word) \(comparison) \(hex(bytes))]"
    case .mask(let from, let to, let mask, let xor):
      "[r\(to.word) <= r\(from.word) & \(hex(mask)) ^ \(hex(xor))]"
    case .lookup(let register, let set, let isInverted): "[r\(register.word) \(isInverted ? "not in" : "in") @\(set)]"
    case .map(let register, let set, let into):
      "[r\(register.word) @\(set) => \(into.map { "r\($0.word)" } ?? "verdict")]"
    case .load(let bytes, let register): "[\(hex(bytes)) => r\(register.word)]"
    case .verdict(let verdict): "\(verdict)"
    case .counter: "counter"
    case .limit(let limit): "limit \(limit.rate)/\(limit.unit)s burst \(limit.burst)"
    case .log(let prefix, _): "log \"\(prefix)\""
    case .reject(let rejection): "reject \(rejection)"
    case .masquerade: "masquerade"
    case .translate(let translation): translation.isDestination ? "dnat" : "snat"
    case .destinationType(let register): "[fib daddr type => r\(register.word)]"
    case .other(let name, let attributes): "[\(name) \(hex(attributes))]"
    }
  }
}

private func hex(_ bytes: [UInt8]) -> String {
  "0x" + hexadecimal(bytes)
}
