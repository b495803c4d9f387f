import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import Reconcile
import Resources
import Testing

/// Bridges and taps on the real kernel: from every state to every other, and back to nothing.
@Suite(.enabled(if: TestNamespace.isAvailable, "needs root, /dev/net/tun and ip"))
struct LinkKernelTests {
  @Test func everyStateLeadsToEveryOther() async throws {
    try await TestNamespace.with { namespace in
      let samples = try LinkSamples()
      let place = try NetworkNamespace.named(namespace.name)
      var host = samples.host
      host.links = LinuxLinks(in: place)
      host.forwarding = LinuxForwarding(in: place)
      let empty = try await host.links.links()
      let goals = try Self.goals(samples)
      for start in goals {
        for goal in goals {
          try await samples.plan(on: host, start).perform(on: host)
          let plan = try await samples.plan(on: host, goal)
          #expect(plan.problems.isEmpty)
          try await plan.perform(on: host)
          let rest = try await samples.plan(on: host, goal)
          #expect(rest.isEmpty, "\(rest.changes.map { ($0.address, $0.change.reasons) })")
        }
      }
      try await samples.plan(on: host, []).perform(on: host)
      #expect(try await host.links.links() == empty)
    }
  }

  private static func goals(_ samples: LinkSamples) throws -> [[any Resource]] {
    let lan = try samples.bridge("lan")
    let dmz = try samples.bridge("dmz")
    var wide = try samples.bridge("lan", link: "other", mtu: 9000)
    wide.design.addresses.append(try #require(InterfaceAddress("fd00:10::1/64")))
    var tap = try samples.tap("web-lan", on: wide)
    tap.design.mtu = 9000
    tap.design.isIsolated = true
    tap.design.alternativeName = "a_label_that_is_too_long"
    return [
      [], [lan], [lan, try samples.tap("web-lan", on: lan), try samples.tap("db-lan", on: lan)],
      [dmz, try samples.tap("web-lan", on: dmz)], [wide, tap],
    ]
  }
}
