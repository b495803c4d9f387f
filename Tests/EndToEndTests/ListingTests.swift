import Glibc
import HostTesting
import Reconcile
import SystemPackage
import Testing

/// The rules as nft lists them, and loads them again.
@Suite(.enabled(if: Ground.isAvailable, "needs root, network namespaces and QEMU"))
struct ListingTests {
  private static let manifest = """
    bridges:
      lan:
        subnet: 10.33.0.1/24
        subnet6: fd33::1/64
        dns: false
        allowed_ports: [22, 53/udp, 8000-8010]
        allowed_ips: [198.51.100.7, 203.0.113.0/24, "2001:db8::/32"]
      quiet: {subnet: 10.33.1.1/24, dns: false, policy_type: isolated, peers: isolated, allow_icmp: false}
      wide: {subnet: 10.33.2.1/24, dns: false, policy_type: open}
      own: {subnet: 10.33.3.1/24, dns: false, policy_type: routed}
    flows:
      - {from: web, to: db, ports: [5432, 6000-6010/udp]}
      - {from: world, to: web, ports: [80, 443]}
      - {from: 198.51.100.0/24, to: db}
      - {from: db, to: host, ports: [123/udp]}
    forwards: [{host: 8080, to: web, port: 80}]
    virtual_machines:
      web: {networks: [{bridge: lan, ip_addr: [10.33.0.10, "fd33::10"]}]}
      db: {networks: [{bridge: quiet, ip_addr: 10.33.1.10}, {bridge: wide, ip_addr: 10.33.2.10}]}
      router: {networks: [{bridge: own, ip_addr: 10.33.3.10, allowed_sources: [192.0.2.0/24]}]}
    """

  @Test func whatNftLoadsAgainNeedsNoChange() async throws {
    try await Ground.with { ground in
      let laboratory = try Laboratory.withoutMachines(ground)
      try await laboratory.apply(Self.manifest)
      let file = ground.folder.appending("listing.nft").string
      // nft 1.0.6 has no word for the flag `persist`: it writes "flags" and nothing behind, which it does not read.
      let script = "nft list ruleset | sed '/^\tflags $/d' > $0 && nft flush ruleset && nft -f $0"
      try ground.namespace.run("sh", "-ec", script, file)
      let plan = try await laboratory.plan(Self.manifest)
      #expect(plan == [])
      let listing = try ground.namespace.run("nft", "list", "ruleset")
      #expect(listing.contains(#"comment "flows[1]""#) && listing.contains(#"comment "virtual_machines.web""#))
      try await laboratory.apply(nil)
    }
  }
}
