import Glibc
import HostTesting
import LinuxHost
import SystemPackage
import Testing

/// The example from nothing to nothing, by the program itself, with Debian built and booted for real.
@Suite(.serialized, .enabled(if: Ground.isAvailable, "needs root, network namespaces and QEMU"))
struct QuickstartBootTests {
  @Test func itIsBuiltReachedMendedEditedAndDestroyed() async throws {
    try await Ground.with { ground in
      let before = try Snapshot(of: ground)
      let quickstart = try await Quickstart(ground)
      var guests = Guests(try await quickstart.apply())
      try await expectTheirPlaces(guests)
      try await quickstart.visit()
      let service = try await startService(ground)
      try await expectThePolicy(guests)
      let others = try await guests.boots(["web", "db"])
      try await quickstart.saveAndGoBack(guests)
      try await mendAccidents(quickstart, guests)
      try await quickstart.changeWhileItRuns(guests)
      guests = try await editOneMachine(quickstart)
      try await rebuildOneMachine(quickstart, guests)
      try await pruneOneMachine(quickstart)
      #expect(try await guests.boots(["web", "db"]) == others)
      kill(service, SIGKILL)
      // Its machine stands on the same distribution, which is built by now.
      try await DesktopVisit(quickstart.meros).showsWindows()

      let ending = try await quickstart.meros.run([
        "destroy", "quickstart", "--auto-approve", "--delete-disk", "disk.client/stock", "--delete-disk",
        "disk.client/live",
      ])
      #expect(ending.code == 0, "\(ending.output)\n\(ending.diagnostics)")
      try ground.expectNothingNew(since: before)
      for folder in ["run", "disks", "keys"] {
        let place = ground.folder.pushing(FilePath("data/\(folder)/quickstart"))
        #expect(!place.exists, "\(place)")
      }
      let mounts = String(decoding: try FilePath("/proc/self/mounts").contents(), as: UTF8.self)
      #expect(!mounts.contains(ground.folder.string))
    }
  }

  /// Each machine lets us in by the printed command, and is who it should be.
  private func expectTheirPlaces(_ guests: Guests) async throws {
    #expect(guests.logins.keys.sorted() == ["client", "db", "web"])
    for machine in guests.logins.keys.sorted() {
      let words = try await guests.run(machine, "hostname; cat /etc/quickstart; getent hosts db; cat /etc/motd")
      let lines = (words ?? "").split(separator: "\n")
      #expect(lines.first == Substring(machine))
      #expect(lines.dropFirst().first == "hello from the hook")
      #expect(lines.contains { $0.hasPrefix("10.44.2.12 ") })
      #expect(lines.contains { $0.contains("common/includes.chroot") })
    }
  }

  /// A service of the host, from which the policy keeps them.
  private func startService(_ ground: Ground) async throws -> pid_t {
    let service = try ground.start("exec python3 -m http.server 8000")
    try await eventually { try ground.namespace.run("ss", "-ltn").contains(":8000") }
    return service
  }

  /// Who reaches whom, and who does not.
  private func expectThePolicy(_ guests: Guests) async throws {
    #expect(
      try await guests.outcomes(
        "client",
        [
          "ping -c 3 -W 5 web", "ping -c 3 -W 5 10.44.1.1", "ping -c 1 -W 2 db", Self.connect("10.44.2.12", 22),
          Self.connect("10.44.1.1", 8000),
        ]) == [true, true, false, false, false])
    // The last one sends from an address that is not its own.
    #expect(
      try await guests.outcomes(
        "web",
        [
          "ping -c 3 -W 5 client", "ping -c 3 -W 5 db", Self.connect("10.44.2.12", 22),
          "ip addr add 10.44.1.99/24 dev eth0", "ping -c 1 -W 2 -I 10.44.1.99 client",
          "ip addr del 10.44.1.99/24 dev eth0",
        ]) == [true, true, true, true, false, true])
    #expect(
      try await guests.outcomes("db", ["ping -c 3 -W 5 web.back", "ping -c 1 -W 2 client"]) == [true, false])
  }

  private static func connect(_ address: String, _ port: Int) -> String {
    "timeout 10 bash -c \"</dev/tcp/\(address)/\(port)\""
  }

  /// A QEMU is killed, the tap of another machine deleted: just these come back.
  private func mendAccidents(_ quickstart: Quickstart, _ guests: Guests) async throws {
    let ground = quickstart.ground
    let before = try await quickstart.pids()
    let events = try await quickstart.listen()
    let client = pid_t(try #require(before["client"]))
    kill(client, SIGKILL)
    while try ground.processes().contains(client) { try await Task.sleep(for: .milliseconds(20)) }
    try ground.namespace.ip("link", "delete", "qs-db")
    try await events.expect("vm.client", "ended", isDrift: true)
    try await events.expect("tap.qs-db", "vanished", isDrift: true)
    #expect(try await quickstart.plan() == ["create tap.qs-db (none)", "create vm.client (none)"])
    try await quickstart.apply()
    try await events.expect("vm.client", "started", isDrift: false)
    try await events.end()
    let after = try await quickstart.pids()
    #expect(after["web"] == before["web"] && after["db"] == before["db"] && after["client"] != before["client"])
    // Both who came back and who only got its tap back are reached, each from its side.
    #expect(try await guests.outcomes("web", ["ping -c 3 -W 5 client", "ping -c 3 -W 5 db"]) == [true, true])
  }

  /// Memory, address, a data disk, and a port of the host: each says what it costs, and only one machine pays.
  private func editOneMachine(_ quickstart: Quickstart) async throws -> Guests {
    let line = "      - {label: qs-client, bridge: lan, ip_addr: 10.44.1.12}\n"
    let memory = (line, "\(line)    memory: 288M\n")
    let address = ("10.44.1.12}", "10.44.1.13}")
    let disk = (line, "\(line)    disks: [{label: stock, size: 64M, fs_type: ext4, mount_point: /srv/stock}]\n")
    let port = ("allowed_ports: []", "allowed_ports: [8000]")
    #expect(
      try await quickstart.whileEdited(memory) { try await quickstart.plan() }
        == ["update vm.client (restart), memory: 256M -> 288M"])
    let moved = try await quickstart.whileEdited(address) { try await quickstart.plan() }
    #expect(moved.count == 3 && moved.first?.hasPrefix("update dns.lan (reload), ") == true, "\(moved)")
    #expect(moved.dropFirst().first?.hasPrefix("update firewall.quickstart (live), ") == true, "\(moved)")
    #expect(moved.last == "update vm.client (restart), networks[0].ip_addr: 10.44.1.12/24 -> 10.44.1.13/24")
    #expect(
      try await quickstart.whileEdited(disk) { try await quickstart.plan() } == [
        "create disk.client/stock (none)",
        "update vm.client (live), disks[1]: - -> client/stock on /srv/stock as ext4",
      ])

    let before = try await quickstart.pids()
    // The address last: it stands in the line that the others look for.
    try quickstart.edit(port, memory, disk, address)
    let words = try await quickstart.apply()
    let after = try await quickstart.pids()
    #expect(after["web"] == before["web"] && after["db"] == before["db"] && after["client"] != before["client"])

    let guests = Guests(words)
    #expect(
      try await guests.outcomes(
        "client",
        [
          "ip -br addr show eth0 | grep -F 10.44.1.13/24", "findmnt -t ext4 /srv/stock",
          "echo mine >/srv/stock/kept && sync", Self.connect("10.44.1.1", 8000),
          "test $(sed -n \"s/MemTotal: *\\([0-9]*\\) kB/\\1/p\" /proc/meminfo) -gt \(230 << 10)",
          "echo lost >/root/lost && sync",
        ]) == [true, true, true, true, true, true])
    return guests
  }

  /// A file of its image, and a data disk that grows and becomes raw: the root disk starts anew, the data stay.
  private func rebuildOneMachine(_ quickstart: Quickstart, _ guests: Guests) async throws {
    try quickstart.ground.write("hello\n", to: "quickstart/client/includes.chroot/etc/greeting")
    try quickstart.edit(
      ("size: 64M, fs_type: ext4, mount_point", "size: 128M, format: raw, fs_type: ext4, mount_point"))
    let plan = try await quickstart.plan()
    #expect(plan.count == 4, "\(plan)")
    #expect(plan.contains { $0.hasPrefix("replace disk.client (rebuild), file etc/greeting: - -> ") }, "\(plan)")
    #expect(
      plan.contains("update disk.client/stock (restart), format: qcow2 -> raw, size: 64M -> 128M"), "\(plan)")
    #expect(plan.contains { $0.hasPrefix("update vm.client (restart), ") }, "\(plan)")

    let before = try await quickstart.pids()
    let refused = try await quickstart.meros.run(["apply", "quickstart", "--auto-approve"])
    #expect(refused.code == 1 && refused.diagnostics.contains("rebuild"), "\(refused.diagnostics)")
    #expect(try await quickstart.pids() == before)
    try await quickstart.apply("--max-disruption", "rebuild")
    let after = try await quickstart.pids()
    #expect(after["web"] == before["web"] && after["db"] == before["db"] && after["client"] != before["client"])
    #expect(
      try await guests.outcomes(
        "client",
        [
          "grep hello /etc/greeting", "grep mine /srv/stock/kept", "test -e /root/lost",
          "test $(df -k --output=size /srv/stock | tail -n 1) -gt \(100 << 10)",
        ]) == [true, true, false, true])
  }

  /// A machine that leaves the manifest goes with all but its data.
  private func pruneOneMachine(_ quickstart: Quickstart) async throws {
    let before = try await quickstart.pids()
    try quickstart.edit(
      (
        """
          client:
            networks:
              - {label: qs-client, bridge: lan, ip_addr: 10.44.1.13}
            disks: [{label: stock, size: 128M, format: raw, fs_type: ext4, mount_point: /srv/stock}]
            memory: 288M

        """, ""
      ), ("  - {from: client, to: db, verdict: deny}\n", ""))
    let plan = try await quickstart.plan()
    let names = plan.map { $0.prefix { $0 != "(" }.dropLast() }
    #expect(
      names == [
        "delete disk.client", "delete key.host-client", "delete tap.qs-client", "delete vm.client", "update dns.lan",
        "update firewall.quickstart",
      ])
    try await quickstart.apply("--max-disruption", "rebuild")
    #expect(try await quickstart.pids() == before.filter { $0.key != "client" })
    #expect(quickstart.ground.folder.pushing(FilePath("data/disks/quickstart/client/stock.raw")).exists)
  }
}
