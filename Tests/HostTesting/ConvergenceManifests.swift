/// Manifests of one constellation, `lab`, each a step that its owner might take from any other.
package enum ConvergenceManifests {
  /// By what they are.
  package static let all: [String: String] = [
    "one VM": lan + vm("web", "10.1.0.10"),
    "two VMs": lan + vm("web", "10.1.0.10") + vm("db", "10.1.0.11"),
    "two VMs that swapped their addresses": lan + vm("web", "10.1.0.11") + vm("db", "10.1.0.10"),
    "more memory": lan + vm("web", "10.1.0.10", "memory: 640M"),
    "more of all that can come to a running VM": lan
      + vm(
        "web", "10.1.0.10}, {bridge: lan, label: web_more, ip_addr: 10.1.0.20", "memory: 768M", "cpus: 2",
        "disks: [{label: more, size: 1G, fs_type: ext4, mount_point: /more}]"),
    "a display": lan + vm("web", "10.1.0.10", "display: vnc"),
    "limits": lan + vm("web", "10.1.0.10", "limits: {cpu: 150%, memory: 1G, io: 100M}"),
    "other limits": lan + vm("web", "10.1.0.10", "limits: {cpu: 50%}") + vm("db", "10.1.0.11", "limits: {memory: 1G}"),
    "a loader": lan + vm("web", "10.1.0.10", "boot: efi"),
    "a loader with another command line, and one for BIOS": lan + vm("web", "10.1.0.10", "boot: efi", "cmdline: quiet")
      + vm("db", "10.1.0.11", "boot: bios"),
    "another package": lan + vm("web", "10.1.0.10", "packages: [nginx]"),
    "a bridge of another name with the same subnet": """
    bridges:
      net: {subnet: 10.1.0.1/24}
    virtual_machines:
      web: {networks: [{bridge: net, ip_addr: 10.1.0.10}]}

    """,
    "another subnet and an isolated bridge": """
    bridges:
      lan: {subnet: 10.2.0.1/24, subnet6: "fd00:2::1/64", allowed_ports: [22, 53/udp], mtu: 1400}
      inner: {subnet: 10.1.0.1/24, policy_type: isolated, allowed_ips: [192.0.2.0/24]}
    virtual_machines:
      web: {networks: [{bridge: lan, ip_addr: [10.2.0.10, "fd00:2::10"]}, {bridge: inner, ip_addr: 10.1.0.10}]}

    """,
    ungrown: lan + vm("web", "10.1.0.10", "disks: [{label: web-data, size: 1G, fs_type: ext4, mount_point: /srv}]"),
    grown: lan
      + vm("web", "10.1.0.10", "disks: [{label: web-data, size: 2G, fs_type: ext4, mount_point: /srv}]"),
    "a label, a start order and an own root disk": """
    bridges:
      lan: {subnet: 10.1.0.1/24}
    virtual_machines:
      web: {networks: [{label: web_lan, bridge: lan, ip_addr: 10.1.0.10}], depends_on: [old]}
      old:
        networks: [{label: a_label_that_fits_no_link, bridge: lan, ip_addr: 10.1.0.12}]
        disks: [{label: old.qcow2, fs_type: qcow2, size_gb: 2}]

    """,
    raw: """
    bridges:
      lan: {subnet: 10.1.0.1/24}
    virtual_machines:
      web:
        networks: [{bridge: lan, ip_addr: 10.1.0.10}]
        disks: [{label: web-data, size: 1G, fs_type: ext4, mount_point: /srv, format: raw}]
      old:
        networks: [{bridge: lan, ip_addr: 10.1.0.12}]
        disks: [{label: old.raw, fs_type: raw, size_gb: 2}]

    """,
    "flows and other policies": """
    bridges:
      lan: {subnet: 10.1.0.1/24, policy_type: routed}
      inner: {subnet: 10.2.0.1/24, subnet6: "fd00:2::1/64", policy_type: nat}
    virtual_machines:
      web: {networks: [{bridge: lan, ip_addr: 10.1.0.10, allowed_sources: [10.9.0.0/16]}]}
      db: {networks: [{bridge: inner, ip_addr: [10.2.0.11, "fd00:2::11"]}]}
    flows:
    - {from: web, to: db, ports: [5432]}
    - {from: world, to: web, ports: [80, 8000-8010]}
    - {from: "bridge:inner", to: web}
    - {from: db, to: host, ports: [53/udp]}

    """,
    "peers apart": """
    bridges:
      lan: {subnet: 10.1.0.1/24, subnet6: "fd00:1::1/64", peers: isolated}
    virtual_machines:
      web: {networks: [{bridge: lan, ip_addr: [10.1.0.10, "fd00:1::10"]}]}
      db: {networks: [{bridge: lan, ip_addr: [10.1.0.11, "fd00:1::11"]}]}
    flows: [{from: web, to: db, ports: [5432]}]

    """,
    "forwards": """
    bridges:
      lan: {subnet: 10.1.0.1/24}
      inner: {subnet: 10.2.0.1/24, subnet6: "fd00:2::1/64", policy_type: isolated}
    virtual_machines:
      web: {networks: [{bridge: lan, ip_addr: 10.1.0.10}]}
      db: {networks: [{bridge: inner, ip_addr: [10.2.0.11, "fd00:2::11"]}]}
    forwards:
    - {host: 8080, to: web, port: 80}
    - {host: 5353, to: db, proto: udp, address: 127.0.0.1}

    """,
    "bridges alone": """
    bridges:
      lan: {subnet: 10.1.0.1/24}

    """,
    "nothing": "name: lab\n",
  ]

  package static let ungrown = "a data disk"
  package static let grown = "a data disk that has grown"
  package static let raw = "raw disks"
  /// What a disk that has grown does not become: it would shrink.
  package static let smaller: Set<String> = [ungrown, raw]
  package static let names = all.keys.sorted()

  private static let lan = """
    bridges:
      lan: {subnet: 10.1.0.1/24}
    virtual_machines:

    """

  private static func vm(_ name: String, _ address: String, _ more: String...) -> String {
    (["  \(name):", "    networks: [{bridge: lan, ip_addr: \(address)}]"] + more.map { "    \($0)" })
      .joined(separator: "\n") + "\n"
  }
}
