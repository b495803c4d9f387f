/// Frames as hexadecimal text, sent by `web` (52:54:00:00:00:01, 10.77.0.10, fd77::10).
enum ForgedFrames {
  private static let own = "525400000001"
  private static let foreign = "525400000002"
  private static let everybody = "ffffffffffff"
  private static let allNodes = "333300000001"
  private static let ownIPv4 = "0a4d000a"
  private static let foreignIPv4 = "0a4d000b"
  private static let ownIPv6 = "fd770000000000000000000000000010"
  private static let foreignIPv6 = "fd770000000000000000000000000011"
  private static let linkLocal = "fe800000000000005054000000000001"
  private static let multicast = "ff020000000000000000000000000001"
  private static let nobody = "00000000000000000000000000000000"

  /// What nobody but the owner, the router or a server may send.
  static let all: [String: String] = [
    "foreign mac": frame(source: foreign, "0800", ipv4(from: ownIPv4, udp: "3039303a", "a1")),
    "foreign ipv4": frame("0800", ipv4(from: foreignIPv4, udp: "3039303a", "a2")),
    "foreign ipv6": frame("86dd", ipv6(from: foreignIPv6, next: "11", "3039303a000c0000a3a3a3a3")),
    "arp of a foreign address": frame("0806", arp(operation: "0002", own, foreignIPv4)),
    "arp of a foreign mac": frame("0806", arp(operation: "0002", foreign, ownIPv4)),
    "arp answer of no address": frame("0806", arp(operation: "0002", own, "00000000")),
    "router advertisement": frame("86dd", ipv6(from: linkLocal, next: "3a", "86000000400807080000000000000000")),
    "redirect": frame("86dd", ipv6(from: linkLocal, next: "3a", "8900000000000000" + foreignIPv6 + foreignIPv6)),
    "dhcp server": frame("0800", ipv4(from: ownIPv4, udp: "00430044", "a4")),
    "dhcp6 server": frame("86dd", ipv6(from: linkLocal, next: "11", "02230222000c0000a5a5a5a5")),
    "advertisement of a foreign address": frame(
      "86dd", ipv6(from: ownIPv6, next: "3a", "88000000a0000000" + foreignIPv6)),
    "advertisement from a foreign address": frame(
      "86dd", ipv6(from: foreignIPv6, next: "3a", "88000000a0000000" + foreignIPv6)),
    "vlan tag": frame("8100", "00050800" + ipv4(from: ownIPv4, udp: "3039303a", "a6")),
    "other protocol": frame("88b5", "a7a7a7a7a7a7a7a7a7a7a7a7"),
  ]

  /// What every station sends.
  static let honest: [String: String] = [
    "own ipv4": frame("0800", ipv4(from: ownIPv4, udp: "3039303a", "b1")),
    "own ipv6": frame("86dd", ipv6(from: ownIPv6, next: "11", "3039303a000c0000b2b2b2b2")),
    "own arp": frame("0806", arp(operation: "0001", own, ownIPv4)),
    "arp probe": frame("0806", arp(operation: "0001", own, "00000000")),
    "own advertisement": frame("86dd", ipv6(from: ownIPv6, next: "3a", "88000000a0000000" + ownIPv6)),
    "link-local advertisement": frame("86dd", ipv6(from: linkLocal, next: "3a", "88000000a0000000" + linkLocal)),
    "solicitation of nobody": frame("86dd", ipv6(from: nobody, next: "3a", "8700000000000000" + ownIPv6)),
    "dhcp client": frame("0800", ipv4(from: "00000000", udp: "00440043", "b3")),
  ]

  /// What `db` sends to everybody.
  static let broadcast: [String: String] = [
    "own broadcast": frame(source: foreign, "0800", ipv4(from: foreignIPv4, udp: "3039303a", "c1"))
  ]

  private static func frame(source: String = own, _ type: String, _ content: String) -> String {
    (type == "86dd" ? allNodes : everybody) + source + type + content
  }

  private static func arp(operation: String, _ mac: String, _ address: String) -> String {
    "000108000604" + operation + mac + address + "000000000000" + "0a4d0063"
  }

  /// Ports as they stand in the header, and a byte that tells this frame from others.
  private static func ipv4(from: String, udp ports: String, _ token: String) -> String {
    let header = "45000020000100004011" + "0000" + from + "ffffffff"
    let content = ports + "000c0000" + String(repeating: token, count: 4)
    return header.replacingDigits(at: 20, with: sum(header)) + content
  }

  /// Conntrack looks at sums, so the content's is made right.
  private static func ipv6(from: String, next: String, _ content: String) -> String {
    let length = hexadecimal(UInt32(content.count / 2))
    let pseudo = from + multicast + "0000" + length + "0000" + "00" + next
    let place = next == "3a" ? 4 : 12
    return "60000000" + length + next + "ff" + from + multicast
      + content.replacingDigits(at: place, with: sum(pseudo + content))
  }

  /// The Internet checksum (RFC 1071) of a number of whole words.
  private static func sum(_ text: String) -> String {
    let digits = Array(text)
    var sum = stride(from: 0, to: digits.count, by: 4).reduce(UInt32(0)) { sum, start in
      sum + (UInt32(String(digits[start..<min(start + 4, digits.count)]), radix: 16) ?? 0)
    }
    while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
    return hexadecimal(~sum & 0xffff)
  }

  private static func hexadecimal(_ number: UInt32) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 4 - text.count) + text
  }
}

extension String {
  fileprivate func replacingDigits(at place: Int, with digits: String) -> String {
    String(prefix(place)) + digits + String(dropFirst(place + digits.count))
  }
}
