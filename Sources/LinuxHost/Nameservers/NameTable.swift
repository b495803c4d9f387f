import Host
import Network

/// The names that a name server is told, as the files that it reads.
struct NameTable: Equatable {
  var lines: [GuestIdentity.HostLine]

  init(_ lines: [GuestIdentity.HostLine]) { self.lines = lines }

  /// As `/etc/hosts`.
  var hosts: String {
    lines.map { "\($0.address) \($0.names.joined(separator: " "))\n" }.joined()
  }

  /// Names with a dot are answered from the table alone: an address of the other family, which a VM does not have, must
  /// not be asked of the outside. Names without one never are.
  var servers: String {
    Set(lines.flatMap(\.names)).filter { $0.contains(".") }.sorted().map { "server=/\($0)/\n" }.joined()
  }

  /// Reads what `hosts` writes; nil for anything else.
  init?(hosts: String) {
    lines = []
    for line in hosts.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count > 1, let address = IPAddress(words[0]) else { return nil }
      lines.append(GuestIdentity.HostLine(address: address, names: Array(words.dropFirst())))
    }
  }
}
