import Host
import SystemPackage

extension NameserverDesign {
  /// dnsmasq's arguments. It looks at nothing but these, the two files, and where it forwards at the host's list of
  /// resolvers, which it watches.
  func commandLine(_ folder: NameserverFolder) -> [String] {
    [
      "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=", "--group=", "--log-facility=-",
      // Dynamic: the bridge may be made anew or get another address under it.
      "--bind-dynamic", "--interface=\(link)", "--except-interface=lo", "--no-dhcp-interface=\(link)",
      "--no-hosts", "--addn-hosts=\(folder.hosts)", "--servers-file=\(folder.servers)",
      // What only the constellation can know is not asked of others.
      "--domain-needed", "--bogus-priv", forwards ? "--resolv-file=/etc/resolv.conf" : "--no-resolv",
    ]
  }

  /// The only variables of its environment.
  var environment: [String] { ["LC_ALL=C", "\(Self.markVariable)=\(ProcessMark(self).text)"] }

  static let markVariable = "MEROS_MARK"
}
