import Host
import HostTesting
import Netlink
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// What the kernel and QEMU tell of a constellation. Nobody waits in a thread.
@Suite(.serialized, .enabled(if: MachineSample.isAvailable, "needs root, /dev/net/tun, ip and qemu-system-x86_64"))
struct HostWatchKernelTests {
  private static func watch(_ sample: MachineSample, wanted: [LinkName: String] = [:]) throws -> HostWatch {
    try HostWatch(
      sample.scope, sample.data, in: try NetworkNamespace.named(sample.namespace.name), wanted: wanted,
      tables: [TableIdentity(.inet, "meros_lab")])
  }

  /// All that is told until this is.
  private static func events(
    of watch: HostWatch, until isLast: (HostEvent) -> Bool
  ) async throws -> [HostEvent] {
    // It can always be read.
    let ready = try FileDescriptor.open(FilePath("/dev/null"), .readOnly, options: [.closeOnExec])
    defer { _ = try? ready.close() }
    var all: [HostEvent] = []
    try await eventually {
      all += try watch.next(orUntil: ready.rawValue)
      return all.contains(where: isLast)
    }
    return all
  }

  private static func links(_ events: [HostEvent]) -> [LinkEvent] {
    events.compactMap { if case .link(let event) = $0 { event } else { nil } }
  }

  private static func changes(of address: String, in events: [LinkEvent]) -> [LinkEvent.Change] {
    events.flatMap { event in
      if event.address == address, case .changed(let changes) = event.fate { changes } else { [LinkEvent.Change]() }
    }
  }

  @Test func whatBecomesOfALinkIsTold() async throws {
    try await MachineSample.with { sample in
      let ip = sample.namespace
      let bridge = try #require(LinkName("lab-lan"))
      let tap = try #require(LinkName("web0"))
      // A link that is down tells its mark only with the next change of it: until then its name says what it is.
      let watch = try Self.watch(sample, wanted: [tap: "tap.web0", bridge: "bridge.lan"])
      try ip.ip("link", "add", "other", "type", "bridge")
      try ip.ip("link", "add", "lab-lan", "group", "\(sample.scope.linkGroup)", "type", "bridge")
      let mark = Mark(scope: sample.scope, address: "bridge.lan")
      try ip.ip("link", "set", "lab-lan", "alias", "\(mark)")
      try ip.ip("address", "add", "10.0.10.1/24", "dev", "lab-lan")
      try ip.ip("link", "set", "web0", "master", "lab-lan")
      try ip.ip("link", "set", "web0", "mtu", "1400")
      try ip.ip("link", "delete", "lab-lan")
      let events = Self.links(
        try await Self.events(of: watch) { event in
          if case .link(let link) = event { link.name == bridge && link.fate == .vanished } else { false }
        })
      #expect(Set(events.map(\.name)) == [bridge, tap])
      #expect(events.first == LinkEvent(name: bridge, address: "bridge.lan", fate: .appeared))
      let address = LinkEvent.Change.address(try #require(InterfaceAddress("10.0.10.1/24")), isThere: true)
      let (ofBridge, ofTap) = (Self.changes(of: "bridge.lan", in: events), Self.changes(of: "tap.web0", in: events))
      #expect(ofBridge.contains(.mark("\(mark)")) && ofBridge.contains(address), "\(ofBridge)")
      #expect(ofTap.contains(.master(bridge)) && ofTap.contains(.mtu(1400)) && ofTap.contains(.master(nil)), "\(ofTap)")
      #expect(events.last == LinkEvent(name: bridge, address: "bridge.lan", fate: .vanished))
    }
  }

  @Test func whoChangedATableIsTold() async throws {
    try await MachineSample.with { sample in
      let watch = try Self.watch(sample)
      try sample.namespace.run("nft", "add table inet other; add chain inet other input")
      try sample.namespace.run("nft", "add table inet meros_lab; add chain inet meros_lab input")
      let events = try await Self.events(of: watch) { _ in true }
      guard case .tables(let tables, by: let actor?)? = events.first else {
        Issue.record("\(events)")
        return
      }
      #expect(events.count == 1 && tables == [TableIdentity(.inet, "meros_lab")])
      #expect(actor.program == "nft" && actor.pid > 0)
    }
  }

  @Test func thatMoreWasToldThanCouldBeHeardIsTold() async throws {
    try await MachineSample.with { sample in
      let tap = try #require(LinkName("web0"))
      let watch = try Self.watch(sample, wanted: [tap: "tap.web0"])
      let script = "for i in $(seq 20000); do echo link set web0 mtu $((1300 + i % 2)); done | ip -batch -"
      try sample.namespace.run("sh", "-c", script)
      #expect(try await Self.events(of: watch) { $0 == .lost }.contains(.lost))
      // It is known again how the link is.
      try sample.namespace.ip("link", "set", "web0", "mtu", "1400")
      let last = LinkEvent(name: tap, address: "tap.web0", fate: .changed([.mtu(1400)]))
      #expect(Self.links(try await Self.events(of: watch) { $0 == .link(last) }).last == last)
    }
  }

  @Test func whatAMachineTellsIsHeardFromItsStartToItsEnd() async throws {
    try await MachineSample.with { sample in
      let watch = try Self.watch(sample)
      try await sample.machines.start(sample.design)
      let pid = try #require(try await sample.observed()).pid
      let start = HostEvent.machine("web", .started(pid: pid))
      #expect(try await Self.events(of: watch) { $0 == start }.contains(start))
      // Somebody who hears it keeps nobody from looking and doing.
      try await Self.stopAndGoOn(sample, watch)
      try await sample.machines.stop("web", of: sample.scope, grace: .zero)
      let end = HostEvent.machine("web", .ended(pid: pid))
      let events = try await Self.events(of: watch) { $0 == end }
      #expect(events.contains(.machine("web", .shutDown(reason: "host-qmp-quit"))))

      // Its next start is heard too; and whoever comes later hears one that runs.
      try await sample.machines.start(sample.design)
      let again = try #require(try await sample.observed()).pid
      _ = try await Self.events(of: watch) { $0 == .machine("web", .started(pid: again)) }
      try await Self.stopAndGoOn(sample, watch)
    }
  }

  @Test func aMachineThatRunsIsHeardAndOneWithoutSuchAMonitorOnlyWhenItEnds() async throws {
    try await MachineSample.with { sample in
      try await sample.machines.start(sample.design)
      try await Self.stopAndGoOn(sample, try Self.watch(sample))
      try sample.data.run("web", of: "lab").appending("events.sock").unlink()
      let deaf = try Self.watch(sample)
      #expect(try await Self.events(of: deaf) { _ in true } == [.machine("web", .unheard)])
      let pid = try #require(try await sample.observed()).pid
      try await sample.machines.stop("web", of: sample.scope, grace: .zero)
      let end = HostEvent.machine("web", .ended(pid: pid))
      #expect(try await Self.events(of: deaf) { $0 == end }.contains(end))
    }
  }

  private static func stopAndGoOn(_ sample: MachineSample, _ watch: HostWatch) async throws {
    try await sample.machines.pause("web", of: sample.scope)
    #expect(try await sample.observed()?.runState == "paused")
    try await sample.machines.resume("web", of: sample.scope)
    let events = try await events(of: watch) { $0 == .machine("web", .resumed) }
    #expect(events.contains(.machine("web", .stopped)))
  }
}
