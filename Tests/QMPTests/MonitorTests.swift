import Glibc
import Testing

@testable import QMP

/// The other side of a monitor: a socket that says what a QEMU would.
private struct Peer: ~Copyable {
  private let descriptor: Int32
  private let other: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
    try #require(unsafe socketpair(AF_UNIX, type, 0, &ends) == 0)
    (descriptor, other) = (ends[0], ends[1])
  }

  /// To be called once: the monitor closes its end.
  func monitor() -> Monitor { Monitor(descriptor: other) }

  func say(_ lines: String...) {
    let bytes = lines.map { $0 + "\r\n" }.joined()
    _ = unsafe bytes.withCString { unsafe send(descriptor, $0, strlen($0), 0) }
  }

  func heard() -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
  }

  deinit { _ = close(descriptor) }
}

private let greeting = #"{"QMP": {"version": {}, "capabilities": ["oob"]}}"#
private var soon: ContinuousClock.Instant { .now + .seconds(5) }

@Suite struct MonitorTests {
  @Test func aMachineSaysWhoItIs() async throws {
    let peer = try Peer()
    var monitor = peer.monitor()
    peer.say(
      greeting, #"{"return": {}, "id": 1}"#, #"{"return": {"UUID": "0A-b"}, "id": 2}"#,
      #"{"return": {"name": "lab/web"}, "id": 3}"#, #"{"return": {"status": "running", "running": true}, "id": 4}"#)
    let status = try await monitor.status(until: soon)
    #expect(status == MachineStatus(uuid: "0a-b", name: "lab/web", runState: "running"))
    #expect(
      peer.heard() == """
        {"execute":"qmp_capabilities","id":1}
        {"execute":"query-uuid","id":2}
        {"execute":"query-name","id":3}
        {"execute":"query-status","id":4}

        """)
  }

  @Test func capabilitiesAreNegotiatedOnce() async throws {
    let peer = try Peer()
    var monitor = peer.monitor()
    peer.say(greeting, #"{"return": {}, "id": 1}"#, #"{"return": {}, "id": 2}"#, #"{"return": {"a": 1}, "id": 3}"#)
    _ = try await monitor.execute("stop", until: soon)
    let answer = try await monitor.execute("device_add", ["driver": "virtio-net-pci"], until: soon)
    #expect(answer == ["a": .integer(1)])
    #expect(peer.heard().hasSuffix(#"{"arguments":{"driver":"virtio-net-pci"},"execute":"device_add","id":3}"# + "\n"))
  }

  @Test func eventsBetweenAnswersAreKept() async throws {
    let peer = try Peer()
    var monitor = peer.monitor()
    peer.say(
      greeting, #"{"event": "SHUTDOWN", "data": {"guest": true}, "timestamp": {}}"#, #"{"return": {}, "id": 1}"#,
      #"{"return": {}, "id": 2}"#, #"{"event": "STOP", "timestamp": {}}"#)
    _ = try await monitor.execute("cont", until: soon)
    #expect(try await monitor.awaitEvent("SHUTDOWN", until: soon).data == ["guest": .bool(true)])
    #expect(try await monitor.awaitEvent("STOP", until: soon).data == [:])
  }

  @Test(arguments: [nil, "no room"])
  func aJobIsAwaitedAndDismissed(_ fault: String?) async throws {
    let peer = try Peer()
    var monitor = peer.monitor()
    let error = fault.map { #", "error": "\#($0)""# } ?? ""
    peer.say(
      greeting, #"{"return": {}, "id": 1}"#, #"{"return": {}, "id": 2}"#,
      #"{"event": "JOB_STATUS_CHANGE", "data": {"id": "other", "status": "concluded"}, "timestamp": {}}"#,
      #"{"event": "JOB_STATUS_CHANGE", "data": {"id": "own", "status": "concluded"}, "timestamp": {}}"#,
      #"{"return": [{"id": "other"}, {"id": "own"\#(error)}], "id": 3}"#, #"{"return": {}, "id": 4}"#)
    do throws(QMPError) {
      try await monitor.run(job: "snapshot-save", ["tag": "then"], id: "own", until: soon)
      #expect(fault == nil)
    } catch {
      #expect(error == .refused(command: "snapshot-save", class: "job", description: fault ?? ""))
    }
    #expect(peer.heard().hasSuffix(#"{"arguments":{"id":"own"},"execute":"job-dismiss","id":4}"# + "\n"))
  }

  @Test func aRefusalNamesItsCommand() async throws {
    let peer = try Peer()
    var monitor = peer.monitor()
    peer.say(
      greeting, #"{"return": {}, "id": 1}"#, #"{"error": {"class": "CommandNotFound", "desc": "no"}, "id": 2}"#)
    await #expect(throws: QMPError.refused(command: "dance", class: "CommandNotFound", description: "no")) {
      try await monitor.execute("dance", until: soon)
    }
  }

  @Test func aMonitorThatSomebodyElseHoldsRunsIntoTheDeadline() async throws {
    let peer = try Peer()
    var monitor = peer.monitor()
    await #expect(throws: QMPError.timeout) {
      try await monitor.status(until: .now + .milliseconds(20))
    }
    #expect(!peer.heard().isEmpty)
  }

  @Test func aQEMUThatEndsIsClosed() async throws {
    let peer = try Peer()
    var monitor = peer.monitor()
    peer.say(greeting)
    _ = consume peer
    await #expect(throws: QMPError.closed) { try await monitor.status(until: soon) }
  }

  @Test func whatIsNotQMPIsMalformed() async throws {
    let peer = try Peer()
    var monitor = peer.monitor()
    peer.say("SSH-2.0-dropbear")
    await #expect(throws: QMPError.malformed) { try await monitor.status(until: soon) }
  }
}
