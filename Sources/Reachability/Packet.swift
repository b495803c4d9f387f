package import Network

/// A packet as its sender makes it. One that starts a connection unless `state` says otherwise.
package struct Packet: Hashable, Sendable {
  package var source: IPAddress
  /// Of the family of `source`.
  package var destination: IPAddress
  package var payload: Payload
  package var state: ConnectionState
  /// What stands in the frame instead of the interface's own address; nil: its own.
  package var sourceMAC: MACAddress?

  package enum Payload: Hashable, Sendable {
    case tcp(from: UInt16, to: UInt16)
    case udp(from: UInt16, to: UInt16)
    /// A message of ICMP or ICMPv6, whichever is the family's.
    case icmp(type: UInt8)
    /// A protocol without ports that the evaluator knows, such as 47.
    case other(UInt8)
  }

  /// NF_CT_STATE_*
  package enum ConnectionState: UInt32, Hashable, Sendable {
    case invalid = 1
    case established = 2
    case related = 4
    case new = 8
  }

  package init(
    from source: IPAddress, to destination: IPAddress, _ payload: Payload, state: ConnectionState = .new,
    sourceMAC: MACAddress? = nil
  ) {
    self.source = source
    self.destination = destination
    self.payload = payload
    self.state = state
    self.sourceMAC = sourceMAC
  }

  /// An echo request.
  package static func ping(from source: IPAddress, to destination: IPAddress) -> Packet {
    Packet(from: source, to: destination, .icmp(type: source.family == .v4 ? 8 : 128))
  }

  package var family: IPAddress.Family { source.family }

  /// The number of the transport protocol (IANA).
  var transport: UInt8 {
    switch payload {
    case .tcp: 6
    case .udp: 17
    case .icmp: family == .v4 ? 1 : 58
    case .other(let number): number
    }
  }

  /// The first bytes of the transport header; 20 of them, which is all that rules look at.
  var transportHeader: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 20)
    switch payload {
    case .tcp(let from, let to):
      bytes.replaceSubrange(0..<4, with: [UInt8(from >> 8), UInt8(from & 255), UInt8(to >> 8), UInt8(to & 255)])
      bytes[12] = 0x50
      bytes[13] = state == .new ? 0x02 : 0x10
    case .udp(let from, let to):
      bytes.replaceSubrange(0..<4, with: [UInt8(from >> 8), UInt8(from & 255), UInt8(to >> 8), UInt8(to & 255)])
    case .icmp(let type): bytes[0] = type
    case .other: break
    }
    return bytes
  }
}
