import CLinux
import Glibc
import Host
import HostTesting
import LinuxHost
import Netlink
import Network
import Testing

@Suite(.enabled(if: TestNamespace.isAvailable, "needs root, /dev/net/tun and ip"))
struct LinksTapTests {
  @Test func aTapIsMadeAsDesignedAndOnlyOnce() async throws {
    try await withBridge { namespace, links in
      let design = try TapDesign.sample(isIsolated: true)
      try await links.ensureTap(design)
      let first = try #require(try await links.links().first { $0.name == design.name })
      #expect(first.kind == .tap(owner: design.owner) && first.isUp && first.isIsolated)
      #expect(first.master == design.master && first.group == design.group && first.alias == design.alias)
      #expect(first.alternativeNames == ["tap_web_lan_which_is_long"] && first.mtu == 1400)
      let settings = "/proc/sys/net/ipv6/conf/\(design.name)"
      #expect(try namespace.run("cat", "\(settings)/disable_ipv6") == "1\n")
      try await links.ensureTap(design)
      #expect(try await links.links().first { $0.name == design.name } == first)
    }
  }

  @Test func whatWasChangedByHandIsMended() async throws {
    try await withBridge { namespace, links in
      let design = try TapDesign.sample(isIsolated: true)
      try await links.ensureTap(design)
      let before = try await links.links()
      let name = "\(design.name)"
      try namespace.run("bridge", "link", "set", "dev", name, "isolated", "off")
      try namespace.ip("link", "set", name, "nomaster")
      try namespace.ip("link", "set", name, "mtu", "1300", "alias", "mine")
      try namespace.ip("link", "property", "del", "dev", name, "altname", "tap_web_lan_which_is_long")
      try namespace.ip("link", "property", "add", "dev", name, "altname", "another_long_name_of_it")
      try namespace.ip("link", "set", name, "down")
      try await links.ensureTap(design)
      #expect(try await links.links() == before)
    }
  }

  @Test func aTapMovesToAnotherBridgeAndAnotherOwner() async throws {
    try await withBridge { _, links in
      var design = try TapDesign.sample(isIsolated: true)
      try await links.ensureTap(design)
      let index = try #require(try await links.links().first { $0.name == design.name }).index
      var bridge = try BridgeDesign.sample(addresses: [])
      bridge.name = try #require(LinkName("lab-two"))
      try await links.ensureBridge(bridge)
      design.master = bridge.name
      design.owner += 1
      design.isIsolated = false
      design.alternativeName = nil
      try await links.ensureTap(design)
      let after = try #require(try await links.links().first { $0.name == design.name })
      #expect(after.index == index && after.master == bridge.name && !after.isIsolated && after.isUp)
      #expect(after.kind == .tap(owner: design.owner) && after.alternativeNames.isEmpty)
    }
  }

  @Test func aTapNeedsItsBridge() async throws {
    try await withBridge { _, links in
      var design = try TapDesign.sample(isIsolated: false)
      design.master = try #require(LinkName("none"))
      await #expect(throws: HostError("create tap \(design.name)", .missing("bridge none"))) {
        try await links.ensureTap(design)
      }
      #expect(try await links.links().allSatisfy { $0.name != design.name })
    }
  }

  @Test func aForeignTapIsLeftAlone() async throws {
    try await withBridge { namespace, links in
      let design = try TapDesign.sample(isIsolated: false)
      try namespace.ip("tuntap", "add", "\(design.name)", "mode", "tap")
      let before = try await links.links()
      await #expect(throws: HostError("create tap \(design.name)", .notOurs("tap \(design.name)"))) {
        try await links.ensureTap(design)
      }
      #expect(try await links.links() == before)
    }
  }

  @Test func aTapThatIsRefusedLeavesNothingBehind() async throws {
    try await withBridge { namespace, links in
      let design = try TapDesign.sample(isIsolated: false)
      // Somebody else's link has the alternative name.
      try namespace.ip("link", "add", "other", "type", "bridge")
      try namespace.ip("link", "property", "add", "dev", "other", "altname", "tap_web_lan_which_is_long")
      await #expect(throws: HostError.self) { try await links.ensureTap(design) }
      #expect(try await links.links().allSatisfy { $0.name != design.name })
    }
  }

  /// The stand-in for QEMU is a shell with the same descriptor, uid and arguments; the test keeps a copy of the
  /// descriptor to send through it as QEMU would.
  @Test func aTapThatWasDeletedUnderItsMachineIsAttachedAgain() async throws {
    try await withBridge { namespace, links in
      let design = try TapDesign.sample(isIsolated: false)
      try await links.ensureTap(design)
      let tap = try TapDescriptor.open(design.name, in: .named(namespace.name))
      try tap.setHeaderSize(12)
      let frame =
        [UInt8](repeating: 0, count: 12) + [UInt8](repeating: 0xff, count: 6) + [UInt8](repeating: 2, count: 54)
      #expect(unsafe write(tap.descriptor, frame, frame.count) == frame.count)
      let machine = try Stand.start(tap.descriptor, tap: design.name, uid: design.owner, in: namespace)
      defer { machine.stop() }
      let before = try await links.links().first { $0.name == design.name }

      try namespace.ip("link", "delete", "\(design.name)")
      #expect(unsafe write(tap.descriptor, frame, frame.count) == -1)
      try await links.ensureTap(design)
      #expect(unsafe write(tap.descriptor, frame, frame.count) == frame.count)
      var after = try #require(try await links.links().first { $0.name == design.name })
      after.index = try #require(before).index
      #expect(after == before)
      // 12 bytes are taken for the header: what the bridge saw came from 02:02:02:02:02:02.
      #expect(try namespace.run("bridge", "fdb", "show", "dev", "\(design.name)").contains("02:02:02:02:02:02"))

      var moved = design
      moved.owner += 1
      await #expect(throws: HostError.self) { try await links.ensureTap(moved) }
    }
  }

  @Test func aTapThatAMachineGotBackAndThatWasNotFinishedIsFinished() async throws {
    try await withBridge { namespace, links in
      let design = try TapDesign.sample(isIsolated: false)
      let tap = try TapDescriptor.open(design.name, in: .named(namespace.name))
      try namespace.ip("link", "set", "\(design.name)", "group", "\(design.group)")
      let machine = try Stand.start(tap.descriptor, tap: design.name, uid: design.owner, in: namespace)
      defer { machine.stop() }
      try await links.ensureTap(design)
      let link = try #require(try await links.links().first { $0.name == design.name })
      #expect(link.kind == .tap(owner: design.owner) && link.alias == design.alias && link.master == design.master)
    }
  }

  private func withBridge(_ body: (TestNamespace, LinuxLinks) async throws -> Void) async throws {
    try await TestNamespace.with { namespace in
      let links = LinuxLinks(in: try .named(namespace.name))
      try await links.ensureBridge(try .sample(addresses: []))
      try await body(namespace, links)
    }
  }
}

extension TapDesign {
  static func sample(isIsolated: Bool) throws -> TapDesign {
    let bridge = try BridgeDesign.sample(addresses: [])
    let mark = Mark(scope: try Scope.sample, address: "tap.web-lan")
    return TapDesign(
      name: try #require(LinkName("lab-web-lan")), group: bridge.group, alias: "\(mark)",
      alternativeName: "tap_web_lan_which_is_long", owner: mark.scope.uid, master: bridge.name, mtu: 1400,
      isIsolated: isIsolated)
  }
}

/// A process that holds a tap as a QEMU does.
private struct Stand {
  let pid: pid_t

  static func start(_ descriptor: Int32, tap: LinkName, uid: UInt32, in namespace: TestNamespace) throws -> Stand {
    let mark = Mark(scope: try Scope.sample, address: "vm.web")
    let record = #"{"attributes":{"memory":"1G",,"networks[0].tap":"\#(tap)"},,"mark":"\#(mark)"}"#
    let arguments = [
      "/usr/bin/nsenter", "--net=/run/netns/\(namespace.name)", "/usr/bin/setpriv", "--reuid", "\(uid)",
      "--clear-groups", "/bin/sh", "-c", "kill -STOP $$", "qemu", "-netdev",
      "tap,id=net0,fd=3", "-device", "virtio-net-pci,netdev=net0", "-fw_cfg",
      "name=opt/org.meros/machine,string=\(record)",
    ]
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, 3)
    var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    try #require(unsafe posix_spawn(&pid, arguments[0], &actions, nil, &words, nil) == 0)
    // It has become the shell once its uid has changed.
    for _ in 0..<1000 {
      var status = stat()
      if unsafe stat("/proc/\(pid)", &status) == 0, status.st_uid == uid { break }
      usleep(5000)
    }
    return Stand(pid: pid)
  }

  func stop() {
    _ = kill(pid, SIGKILL)
    _ = waitpid(pid, nil, 0)
  }
}
