/// A piece of a rule as one reads it in nft's own language: some expressions in a row.
package struct Statement: Hashable, Sendable {
  package var expressions: [Expression]

  package init(_ expressions: Expression...) { self.expressions = expressions }

  package init(_ expressions: [Expression]) { self.expressions = expressions }

  /// Which end of the packet's way is meant.
  package enum End: Hashable, Sendable {
    case from, to

    var name: MetaKey { self == .from ? .iifName : .oifName }
    var group: MetaKey { self == .from ? .iifGroup : .oifGroup }
    var kind: MetaKey { self == .from ? .iifKind : .oifKind }
  }

  package static let accept = Statement(.verdict(.accept))
  package static let drop = Statement(.verdict(.drop))
  package static let counter = Statement(.counter)

  package static func goto(_ chain: String) -> Statement { Statement(.verdict(.goto(chain))) }

  /// `iifgroup NUMBER`
  package static func group(_ end: End, _ number: UInt32, is comparison: Comparison = .equal) -> Statement {
    Statement(.meta(end.group, .first), .compare(.first, comparison, number.nativeBytes))
  }

  /// `iifgroup & MASK == NUMBER`
  package static func group(
    _ end: End, _ number: UInt32, under mask: UInt32, is comparison: Comparison = .equal
  ) -> Statement {
    Statement(
      .meta(end.group, .first),
      .mask(.first, to: .first, mask: mask.nativeBytes, xor: [0, 0, 0, 0]),
      .compare(.first, comparison, number.nativeBytes))
  }

  /// `meta iifkind "bridge"`
  package static func kind(_ end: End, _ name: String) -> Statement {
    let bytes = Array(name.utf8.prefix(16))
    return Statement(
      .meta(end.kind, .first),
      .compare(.first, .equal, bytes + [UInt8](repeating: 0, count: 16 - bytes.count)))
  }

  /// `iifname @SET`
  package static func link(_ end: End, in set: String, isInverted: Bool = false) -> Statement {
    Statement(.meta(end.name, .first), .lookup(.first, set: set, isInverted: isInverted))
  }

  /// `meta l4proto NUMBER`
  package static func transport(_ number: UInt8) -> Statement {
    Statement(.meta(.transport, .first), .compare(.first, .equal, [number]))
  }

  /// A number of bytes of a header, compared.
  package static func header(
    _ base: PayloadBase, at offset: UInt32, _ bytes: [UInt8], is comparison: Comparison = .equal
  ) -> Statement {
    Statement(
      .payload(base, offset: offset, length: UInt32(bytes.count), .first), .compare(.first, comparison, bytes))
  }

  /// Fields loaded one after the other, then looked up together.
  package static func fields(_ parts: Part..., in set: String, isInverted: Bool = false) -> Statement {
    Statement(loads(parts) + [.lookup(.first, set: set, isInverted: isInverted)])
  }

  /// Fields loaded one after the other, each into whole registers.
  package static func loads(_ parts: [Part]) -> [Expression] {
    var expressions: [Expression] = []
    var word: UInt32 = 0
    for part in parts {
      expressions.append(part.load(into: Register(word)))
      word += UInt32(part.length + 3) / 4
    }
    return expressions
  }

  /// Where a field of a key comes from.
  package enum Part: Hashable, Sendable {
    case link(End)
    case transport
    case payload(PayloadBase, offset: UInt32, length: UInt32)

    package static let etherSource = Part.payload(.link, offset: 6, length: 6)
    package static let ipv4Source = Part.payload(.network, offset: 12, length: 4)
    package static let ipv4Destination = Part.payload(.network, offset: 16, length: 4)
    package static let ipv6Source = Part.payload(.network, offset: 8, length: 16)
    package static let ipv6Destination = Part.payload(.network, offset: 24, length: 16)
    package static let sourcePort = Part.payload(.transport, offset: 0, length: 2)
    package static let destinationPort = Part.payload(.transport, offset: 2, length: 2)

    fileprivate func load(into register: Register) -> Expression {
      switch self {
      case .link(let end): .meta(end.name, register)
      case .transport: .meta(.transport, register)
      case .payload(let base, let offset, let length): .payload(base, offset: offset, length: length, register)
      }
    }

    fileprivate var length: Int {
      switch self {
      case .link: 16
      case .transport: 1
      case .payload(_, _, let length): Int(length)
      }
    }
  }
}
