/// Ten machines that run and idle, looked at.
struct StatusCase: BenchCase {
  let name = "status"
  let purpose = "status of ten machines that run and idle, besides process start"

  func measure(_ settings: Settings) async throws -> [Finding] {
    try await Stage.with { stage in
      let running = try RunningConstellation(Self.manifest, on: stage, settings)
      // Firmware that has just started is not idle yet.
      try await running.start(settling: .seconds(5))
      return try await running.measure(
        "status of ten machines", ["status"], rounds: settings.rounds ?? 15, below: .milliseconds(60))
    }
  }

  private static var manifest: String {
    var text = """
      bridges:
        lan: {subnet: 10.45.1.1/24}
      defaults:
        memory: 64M
        ready: none
        disks: [{label: root.qcow2, fs_type: qcow2, size_gb: 1}]
      virtual_machines:

      """
    for machine in 0..<10 { text += "  vm\(machine): {networks: [{bridge: lan, ip_addr: 10.45.1.\(machine + 10)}]}\n" }
    return text
  }
}
