package import Host
package import Netlink
import Network
import SystemPackage

/// Sockets of one network namespace, as proc(5) lists them.
package struct LinuxSockets: Sockets {
  let namespace: NetworkNamespace

  package init(in namespace: NetworkNamespace = .current) { self.namespace = namespace }

  package func listeners() async throws(HostError) -> Set<Listener> {
    try LinuxLinks.attempt("list sockets") { () throws(NetlinkError) in
      try namespace.run { () throws(NetlinkError) in
        var found: Set<Listener> = []
        for transport in TransportProtocol.allCases {
          for suffix in ["", "6"] {
            // A kernel without IPv6 has no such file.
            let bytes = (try? FilePath("/proc/thread-self/net/\(transport.rawValue)\(suffix)").contents()) ?? []
            found.formUnion(Self.listeners(transport, in: bytes))
          }
        }
        return found
      }
    }
  }

  /// A line is `sl local_address rem_address st …`, an address `HEX:HEX`.
  static func listeners(_ transport: TransportProtocol, in bytes: [UInt8]) -> [Listener] {
    // TCP_LISTEN; of udp TCP_CLOSE, which is a socket that is not connected.
    let state: Substring = transport == .tcp ? "0A" : "07"
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().compactMap { line in
      let words = line.split(separator: " ", maxSplits: 4)
      guard words.count > 3, words[3] == state else { return nil }
      let parts = words[1].split(separator: ":")
      guard parts.count == 2, let port = UInt16(parts[1], radix: 16), let address = address(parts[0]) else {
        return nil
      }
      return Listener(transport, address, port)
    }
  }

  /// Each four bytes as a number of the machine's own byte order.
  private static func address(_ digits: Substring) -> IPAddress? {
    var bytes: [UInt8] = []
    var rest = digits
    while !rest.isEmpty {
      guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
      bytes += word.nativeBytes
      rest = rest.dropFirst(8)
    }
    return IPAddress(bytes: bytes)
  }
}
