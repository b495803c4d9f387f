/// Manifests of small machines that boot their own disks.
enum Manifests {
  /// Two bridges, the second one isolated.
  static let bridges = """
    bridges:
      lan: {subnet: 10.71.1.1/24, allowed_ports: [22]}
      back: {subnet: 10.71.2.1/24, policy_type: isolated, allow_icmp: true}

    """

  /// web stands in both networks, client in the first, db in the second.
  static let three = bridges + machines + web + client + db

  static let machines = """
    defaults: {memory: 32M, cpus: 1, kvm: false, ready: {console: MEROS-TEST READY, timeout: 120}}
    virtual_machines:

    """
  static let web = vm("web", "{bridge: lan, ip_addr: 10.71.1.11}, {bridge: back, ip_addr: 10.71.2.11}")
  static let client = vm("client", "{bridge: lan, ip_addr: 10.71.1.12}")
  static let db = vm("db", "{bridge: back, ip_addr: 10.71.2.12}")

  /// - Parameter more: further keys, each with its value.
  static func vm(_ name: String, _ networks: String, _ more: String...) -> String {
    let lines =
      ["  \(name):", "    networks: [\(networks)]", "    disks: [{label: \(name).qcow2, fs_type: qcow2, size: 1M}]"]
      + more.map { "    \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
