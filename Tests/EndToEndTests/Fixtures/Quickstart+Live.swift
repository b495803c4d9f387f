import Testing

/// Changes of a machine that goes on running.
extension Quickstart {
  private static let line = "      - {label: qs-client, bridge: lan, ip_addr: 10.44.1.12}\n"
  private static let more = """
          - {label: qs-more, bridge: lan, ip_addr: 10.44.1.22}
        memory: 384M
        cpus: 2
        disks: [{label: live, size: 64M, fs_type: ext4, mount_point: /srv/live, format: raw}]

    """

  /// Processors, memory, a network and a data disk come, the disk grows, network and disk go: always the same process
  /// and the same boot. What cannot be done so says that it restarts, and brings the manifest back.
  func changeWhileItRuns(_ guests: Guests) async throws {
    let before = (try await pids(), try await guests.boots(["client"]))
    try edit((Self.line, Self.line + Self.more))
    let plan = try await plan()
    #expect(
      plan.contains { $0.hasPrefix("update vm.client (live), cpus: 1 -> 2, disks[1]: - -> client/live") }, "\(plan)")
    #expect(!plan.contains { $0.contains("restart") }, "\(plan)")
    try await apply()
    #expect(
      try await guests.outcomes(
        "client",
        [
          "test $(nproc) -eq 2",
          "test $(sed -n \"s/MemTotal: *\\([0-9]*\\) kB/\\1/p\" /proc/meminfo) -gt \(330 << 10)",
          "ip -br addr show eth1 | grep -F 10.44.1.22/24", "ping -c 1 -W 5 -I eth1 web",
          "findmnt -t ext4 /srv/live", "echo mine >/srv/live/kept && sync",
        ]) == [true, true, true, true, true, true])

    try edit(("size: 64M", "size: 160M"))
    #expect(
      try await self.plan() == [
        "update disk.client/live (live), size: 64M -> 160M",
        "update vm.client (live), disks[1].size: 64M -> 160M",
      ])
    try await apply()
    #expect(
      try await guests.outcomes(
        "client", ["test $(df -k --output=size /srv/live | tail -n 1) -gt \(120 << 10)", "grep mine /srv/live/kept"])
        == [true, true])

    try edit(
      ("      - {label: qs-more, bridge: lan, ip_addr: 10.44.1.22}\n", ""),
      ("    disks: [{label: live, size: 160M, fs_type: ext4, mount_point: /srv/live, format: raw}]\n", ""))
    let removal = try await self.plan()
    #expect(removal.contains { $0.hasPrefix("update vm.client (live), disks[1]: client/live") }, "\(removal)")
    try await apply()
    #expect(
      try await guests.outcomes("client", ["test -e /sys/class/net/eth1", "findmnt /srv/live"]) == [false, false])
    #expect(try await pids() == before.0)
    #expect(try await guests.boots(["client"]) == before.1)

    try edit(("    memory: 384M\n    cpus: 2\n", ""))
    #expect(try await self.plan() == ["update vm.client (restart), cpus: 2 -> 1, memory: 384M -> 256M"])
    try await apply()
  }
}
