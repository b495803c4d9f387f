import Netlink
import Network
import Testing

@Suite struct NetlinkMessageTests {
  @Test func aRequestPadsItsAttributesAndClosesItsLengths() {
    var request = NetlinkRequest(type: 0x10, flags: 0x400, fixed: [1, 2, 3, 4])
    request.put(3, "br0")
    request.nest(18) { $0.put(1, [7]) }
    request.sequence = 9
    #expect(
      request.bytes == [
        40, 0, 0, 0, 0x10, 0, 1, 4, 9, 0, 0, 0, 0, 0, 0, 0,  // header with NLM_F_REQUEST
        1, 2, 3, 4,
        8, 0, 3, 0, 0x62, 0x72, 0x30, 0,
        12, 0, 18, 0x80, 5, 0, 1, 0, 7, 0, 0, 0,
      ])
  }

  @Test func attributesAreReadBackWithoutTheirFlags() {
    var request = NetlinkRequest(type: 0x10, flags: 0, fixed: [])
    request.nest(18) { $0.put(1, UInt32(7)) }
    request.put(3, "br0")
    var read: [String] = []
    NetlinkDatagram(bytes: request.bytes).forEach { header, message in
      message.forEachAttribute(from: NetlinkHeader.length) { type, value in
        read.append("\(type): \(value.byteCount)")
        value.forEachAttribute { inner, number in
          if type == 18 { read.append("\(inner) = \(number.integer(UInt32.self, at: 0) ?? 0)") }
        }
      }
    }
    #expect(read == ["18: 8", "1 = 7", "3: 4"])
  }

  @Test func everyCutOfAMessageIsReadWithoutGoingBeyondIt() {
    var request = NetlinkRequest(type: 16, flags: 0, fixed: [UInt8](repeating: 0, count: 16))
    request.put(3, "br0")
    request.nest(18) { details in
      details.put(1, "tun")
      details.nest(2) { $0.put(3, UInt8(2)) }
    }
    var found = 0
    for count in 0...request.bytes.count {
      // The header claims what is there, so that the attributes are what is cut.
      var bytes = Array(request.bytes.prefix(count))
      if count >= 16 { bytes[0] = UInt8(count) }
      NetlinkDatagram(bytes: bytes).forEach { _, message in
        if LinkMessage(message) != nil { found += 1 }
      }
    }
    #expect(found > 0 && found < request.bytes.count)
  }

  @Test func anInterruptedDumpSaysSo() throws {
    let request = NetlinkRequest(type: 16, flags: 0x10, fixed: [])
    var flags: [Bool] = []
    NetlinkDatagram(bytes: request.bytes).forEach { header, _ in flags.append(header.isInterrupted) }
    #expect(flags == [true])
  }
}
