import HostTesting
import Testing

/// What an edit costs, and that nobody else pays: real QEMUs, whose guests do nothing.
@Suite(.serialized, .enabled(if: Ground.isAvailable, "needs root, network namespaces and QEMU"))
struct EditTests {
  /// An edit of `Manifests.three`.
  struct Edit: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var manifest: String
    var plan: [String]
    /// The machines that are started anew.
    var restarted: Set<String> = []
    var gone: Set<String> = []
  }

  private static func three(_ machines: String...) -> String {
    Manifests.bridges + Manifests.machines + machines.joined()
  }

  static let edits = [
    Edit(
      testDescription: "add a VM",
      manifest: three(
        Manifests.web, Manifests.client, Manifests.db,
        Manifests.vm("cache", "{bridge: back, ip_addr: 10.71.2.13}")),
      plan: [
        "create disk.cache (none)", "update firewall.lab (live), ", "create key.host-cache (none)",
        "create tap.lab-cache-0 (none)", "create vm.cache (none)",
        "update dns.lan (reload), name cache: - -> 10.71.2.13, name cache.back: - -> 10.71.2.13",
      ]),
    Edit(
      testDescription: "remove a VM", manifest: three(Manifests.web, Manifests.client),
      plan: [
        "delete vm.db (restart)", "delete key.host-db (live)",
        "delete tap.lab-db-0 (live)",
        "update dns.lan (reload), name db: 10.71.2.12 -> -, name db.back: 10.71.2.12 -> -",
        "update firewall.lab (live), ",
      ], gone: ["db"]),
    Edit(
      testDescription: "rename a bridge that keeps its subnet",
      manifest: Manifests.three.replacing("back:", with: "rear:").replacing("bridge: back", with: "bridge: rear"),
      plan: [
        "create bridge.rear (none)", "delete bridge.back (live)", "update firewall.lab (live), ",
        "update dns.lan (reload), name db.back: 10.71.2.12 -> -, name db.rear: - -> 10.71.2.12, name web.back",
        "update tap.lab-db-0 (live), bridge: lab-back -> lab-rear",
        "update tap.lab-web-1 (live), bridge: lab-back -> lab-rear",
      ]),
    Edit(
      testDescription: "swap two addresses",
      manifest: Manifests.three.replacing("10.71.1.11", with: "X").replacing("10.71.1.12", with: "10.71.1.11")
        .replacing("X", with: "10.71.1.12"),
      plan: [
        "update dns.lan (reload), name client: 10.71.1.12 -> 10.71.1.11, ", "update firewall.lab (live), ",
        "update vm.client (restart), networks[0].ip_addr: 10.71.1.12/24 -> 10.71.1.11/24",
        "update vm.web (restart), networks[0].ip_addr: 10.71.1.11/24 -> 10.71.1.12/24",
      ], restarted: ["web", "client"]),
    Edit(
      testDescription: "more memory",
      manifest: three(
        Manifests.web, Manifests.vm("client", "{bridge: lan, ip_addr: 10.71.1.12}", "memory: 48M"), Manifests.db),
      plan: ["update vm.client (restart), memory: 32M -> 48M"], restarted: ["client"]),
    Edit(
      testDescription: "another address", manifest: Manifests.three.replacing("10.71.2.12", with: "10.71.2.99"),
      plan: [
        "update dns.lan (reload), name db: 10.71.2.12 -> 10.71.2.99, ", "update firewall.lab (live), ",
        "update vm.db (restart), networks[0].ip_addr: 10.71.2.12/24 -> 10.71.2.99/24",
      ], restarted: ["db"]),
    Edit(
      testDescription: "a data disk",
      manifest: three(
        Manifests.web, Manifests.client,
        Manifests.db.replacing(
          "size: 1M}]", with: "size: 1M}, {label: stock, size: 8M, fs_type: ext4, mount_point: /srv}]")),
      plan: ["create disk.db/stock (none)", "update vm.db (restart), disks[1]: - -> db/stock on /srv as ext4"],
      restarted: ["db"]),
    Edit(
      testDescription: "another policy", manifest: Manifests.three.replacing("[22]", with: "[22, 80]"),
      plan: ["update firewall.lab (live), inet set host_port element "]),
    Edit(
      testDescription: "an isolated bridge that lets out",
      manifest: Manifests.three.replacing("policy_type: isolated", with: "policy_type: nat, dns: false"),
      plan: ["update firewall.lab (live), inet set br_egress element "]),
    Edit(
      testDescription: "flows and a forward that cross the edge of an isolated bridge",
      manifest: """
        flows: [{from: db, to: world, ports: [443]}, {from: client, to: db, ports: [5432]}]
        forwards: [{host: 5432, to: db, address: 10.71.1.1}]

        """ + Manifests.three,
      plan: ["update firewall.lab (live), "]),
  ]

  @Test(arguments: edits) func itCostsWhatIsSaidAndNobodyElsePays(_ edit: Edit) async throws {
    try await Ground.with { ground in
      let laboratory = try Laboratory(ground)
      try await laboratory.apply(Manifests.three)
      let before = try await laboratory.pids()
      let plan = try await laboratory.plan(edit.manifest).sorted()
      let expected = edit.plan.sorted()
      #expect(plan.count == expected.count && zip(plan, expected).allSatisfy { $0.hasPrefix($1) }, "\(plan)")
      try await laboratory.apply(edit.manifest)
      let after = try await laboratory.pids()
      for (name, pid) in before {
        if edit.gone.contains(name) {
          #expect(after[name] == nil)
        } else if edit.restarted.contains(name) {
          #expect(after[name] != nil && after[name] != pid, "\(name) was not started anew")
        } else {
          #expect(after[name] == pid, "\(name) was started anew")
        }
      }
      try await laboratory.apply(nil)
      #expect(try ground.processes() == [])
    }
  }
}
