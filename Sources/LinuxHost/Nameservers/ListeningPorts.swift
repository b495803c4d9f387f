import Network
import SystemPackage

/// Where processes of a user accept TCP connections, as /proc/PID/net lists it (`tcp` of proc(5)).
struct ListeningPorts {
  private let places: Set<String>

  /// - Parameter pid: a process in the network namespace that is looked at.
  init(of user: UInt32, by pid: Int32) {
    var places: Set<String> = []
    for file in ["tcp", "tcp6"] {
      // A kernel without IPv6 has no such file, a process that ended neither.
      let bytes = (try? FilePath("/proc/\(pid)/net/\(file)").contents()) ?? []
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst() {
        let words = line.split(separator: " ", maxSplits: 8)
        // 0A: TCP_LISTEN.
        if words.count > 7, words[3] == "0A", words[7] == "\(user)" { places.insert(String(words[1])) }
      }
    }
    self.places = places
  }

  func contains(_ address: IPAddress, port: UInt16) -> Bool {
    // Each four bytes of the address as a number of the machine's own byte order.
    let bytes = address.bytes
    let words = stride(from: 0, to: bytes.count, by: 4).map { start in
      let word = bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return hexadecimal(word.bigEndian, digits: 8).uppercased()
    }
    return places.contains("\(words.joined()):\(hexadecimal(port, digits: 4).uppercased())")
  }
}
