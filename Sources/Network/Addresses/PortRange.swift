/// A transport protocol that has ports.
package enum TransportProtocol: String, Hashable, Sendable, CaseIterable, Comparable {
  case tcp, udp

  /// The protocol number (IANA "Assigned Internet Protocol Numbers").
  package var number: UInt8 { self == .tcp ? 6 : 17 }

  package static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}

/// Ports of one protocol, one or several in a row: `22`, `53/udp`, `8000-8010/tcp`.
package struct PortRange: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let ports: ClosedRange<UInt16>
  package let transport: TransportProtocol

  package init(_ ports: ClosedRange<UInt16>, _ transport: TransportProtocol) {
    self.ports = ports
    self.transport = transport
  }

  /// Reads `PORT[-PORT][/tcp|/udp]`, tcp when none is named, ports 1...65535; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count) else { return nil }
    if parts.count == 2 {
      guard let transport = TransportProtocol(rawValue: String(parts[1])) else { return nil }
      self.transport = transport
    } else {
      transport = .tcp
    }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { end in
      end.allSatisfy { ("0"..."9").contains($0) } ? UInt16(end) : nil
    }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], 1 <= first, first <= last
    else { return nil }
    ports = first...last
  }

  package var description: String {
    let range = ports.count == 1 ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)"
    return "\(range)/\(transport.rawValue)"
  }

  package static func < (a: Self, b: Self) -> Bool {
    (a.transport, a.ports.lowerBound, a.ports.upperBound) < (b.transport, b.ports.lowerBound, b.ports.upperBound)
  }
}
