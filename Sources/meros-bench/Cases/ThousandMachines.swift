/// A manifest of a thousand machines on ten bridges.
enum ThousandMachines {
  static let manifest = text("allowed_ports: [22, 8000-8010]", flows: [])

  /// Ports of the host that come and go on every bridge, and flows: across bridges, to a machine, from the world.
  static let otherPolicy = text(
    "allowed_ports: [22, 443, 9000-9010/udp]",
    flows: [
      #"{from: "bridge:net0", to: "bridge:net1", ports: [5432]}"#, "{from: vm7, to: vm911}",
      "{from: world, to: vm500, ports: [80, 443]}",
    ])

  private static func text(_ policy: String, flows: [String]) -> String {
    var text = "name: thousand\nbridges:\n"
    for bridge in 0..<10 {
      text += "  net\(bridge): {subnet: 10.80.\(bridge).1/24, \(policy), allowed_ips: [192.0.2.0/24]}\n"
    }
    text += "flows: [\(flows.joined(separator: ", "))]\nvirtual_machines:\n"
    for machine in 0..<1000 {
      text += """
          vm\(machine):
            memory: 256M
            packages: [nginx]
            networks: [{bridge: net\(machine / 100), ip_addr: 10.80.\(machine / 100).\(machine % 100 + 10)}]

        """
    }
    return text
  }
}
