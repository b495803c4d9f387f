/// A constellation that runs, applied once more.
struct SecondApplyCase: BenchCase {
  let name = "second-apply"
  let purpose = "apply of a quickstart whose machines run and idle, besides process start"

  func measure(_ settings: Settings) async throws -> [Finding] {
    try await Stage.with { stage in
      let running = try RunningConstellation(Self.manifest, on: stage, settings, store: settings.dataDirectory)
      // Firmware or a system that has just started is not idle yet.
      try await running.start(settling: settings.dataDirectory == nil ? .seconds(3) : .seconds(30))
      return try await running.measure(
        "second apply", ["apply", "--auto-approve"], rounds: settings.rounds ?? 15, below: .milliseconds(100))
    }
  }

  /// The networks of the quickstart, and machines that find nothing to boot.
  private static let manifest = """
    bridges:
      lan: {subnet: 10.44.1.1/24}
      back: {subnet: 10.44.2.1/24, policy_type: isolated, allow_icmp: true}
    defaults:
      memory: 128M
      ready: none
      disks: [{label: root.qcow2, fs_type: qcow2, size_gb: 1}]
    virtual_machines:
      web:
        networks:
          - {label: sm-web-lan, bridge: lan, ip_addr: 10.44.1.11}
          - {label: sm-web-back, bridge: back, ip_addr: 10.44.2.11}
        depends_on: [db]
      client:
        networks:
          - {label: sm-client, bridge: lan, ip_addr: 10.44.1.12}
      db:
        networks:
          - {label: sm-db, bridge: back, ip_addr: 10.44.2.12}

    """
}
