import Host
import Network

/// The names that a name server is told, with the files that it reads them from.
struct NameTable: Equatable {
  let lines: [GuestIdentity.HostLine]
  /// As `/etc/hosts`.
  let hosts: String
  /// Names with a dot are answered from the table alone: an address of the other family, which a VM does not have, must
  /// not be asked of the outside. Names without one never are.
  let servers: String

  init(_ lines: [GuestIdentity.HostLine]) {
    self.init(lines, hosts: lines.map { "\($0.address) \($0.names.joined(separator: " "))\n" }.joined())
  }

  /// Reads what `hosts` writes; nil for anything else.
  init?(hosts: String) {
    var lines: [GuestIdentity.HostLine] = []
    for line in hosts.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count > 1, let address = IPAddress(words[0]) else { return nil }
      lines.append(GuestIdentity.HostLine(address: address, names: Array(words.dropFirst())))
    }
    self.init(lines, hosts: hosts)
  }

  private init(_ lines: [GuestIdentity.HostLine], hosts: String) {
    self.lines = lines
    self.hosts = hosts
    servers = Set(lines.flatMap(\.names)).filter { $0.contains(".") }.sorted().map { "server=/\($0)/\n" }.joined()
  }
}
