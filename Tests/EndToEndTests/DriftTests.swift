import HostTesting
import Testing

/// What somebody else does to our things shows in the plan as just that, and is mended alone.
@Suite(.enabled(if: Ground.isAvailable, "needs root, network namespaces and QEMU"))
struct DriftTests {
  struct Drift: CustomTestStringConvertible, Sendable {
    var command: String
    /// The whole plan; each line only as far as it is written here.
    var plan: [String]
    /// What is made again, in a word of every line about it: a link has another number and address then, and its bridge
    /// may take another; a process has another number.
    var remade: String?
    var testDescription: String { command }
  }

  @Test(arguments: [
    Drift(command: "ip link delete lab-client-0", plan: ["create tap.lab-client-0 (none)"], remade: "lab-client-0"),
    Drift(
      command: "ip link set lab-client-0 nomaster",
      plan: ["update tap.lab-client-0 (live), bridge: - -> lab-lan"]),
    Drift(
      command: "ip link set lab-client-0 down", plan: ["update tap.lab-client-0 (live), up: false -> true"]),
    Drift(
      command: "ip addr add 10.71.9.1/24 dev lab-lan",
      plan: ["update bridge.lan (live), subnet: 10.71.1.1/24 10.71.9.1/24 -> 10.71.1.1/24"]),
    Drift(
      command: "ip addr delete 10.71.1.1/24 dev lab-lan",
      plan: ["update bridge.lan (live), subnet: - -> 10.71.1.1/24"]),
    Drift(
      command: """
        for pid in $(ip netns pids $(ip netns identify $$)); do
          [ $(cat /proc/$pid/comm) != dnsmasq ] || kill -9 $pid
        done
        sleep 0.2
        """, plan: ["create dns.lan (none)"], remade: "processes "),
    Drift(command: "ip link set lab-back mtu 1400", plan: ["update bridge.back (live), mtu: 1400 -> 1500"]),
    Drift(
      command: "ip link set lab-lan alias mine",
      plan: ["update bridge.lan (live), mark: mine -> meros:lab:"]),
    Drift(
      command: "nft delete element bridge meros_lab taps { lab-db-0 }",
      plan: [#"update firewall.lab (live), bridge set taps element "lab-db-0": - -> present"#]),
    Drift(
      command: "nft flush chain bridge meros_lab guard_to",
      plan: ["update firewall.lab (live), bridge chain guard_to rule 1: - -> "]),
    Drift(
      command: "nft insert rule inet meros_lab from_vm accept",
      plan: ["update firewall.lab (live), inet chain from_vm rule 1: accept -> -"]),
    Drift(
      command: "nft delete table bridge meros_lab",
      plan: ["update firewall.lab (live), table bridge meros_lab: - -> present"]),
    Drift(
      command: "echo 0 >/proc/sys/net/ipv4/ip_forward",
      plan: ["update forwarding.lab (live), ipv4: off -> on"]),
  ])
  func itIsNamedAndMendedAlone(_ drift: Drift) async throws {
    try await Ground.with { ground in
      let laboratory = try Laboratory.withoutMachines(ground)
      try await laboratory.apply(Manifests.three)
      let before = try Snapshot(of: ground)
      let pids = try await laboratory.pids()

      try ground.namespace.run("sh", "-c", drift.command)
      let plan = try await laboratory.plan(Manifests.three)
      #expect(plan.count == drift.plan.count && zip(plan, drift.plan).allSatisfy { $0.hasPrefix($1) }, "\(plan)")
      try await laboratory.apply(Manifests.three)
      if let remade = drift.remade {
        try ground.expectNothingNew(since: before, besides: remade)
      } else {
        try ground.expectNothingNew(since: before)
      }
      #expect(try await laboratory.pids() == pids)
    }
  }
}
