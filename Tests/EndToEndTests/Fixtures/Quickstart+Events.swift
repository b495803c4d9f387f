import Glibc
import HostTesting
import LinuxHost
import QMP
import SystemPackage

/// What `meros events` tells of the example.
struct EventRecord {
  let ground: Ground
  let process: pid_t
  fileprivate static let file = "events.json"

  /// Waits until it was told.
  func expect(_ address: String, _ event: String, isDrift: Bool) async throws {
    try await eventually {
      try contains { line in
        line["address"]?.string == address && line["event"]?.string == event && line["drift"] == .bool(isDrift)
      }
    }
  }

  /// An interrupt ends it.
  func end() async throws {
    kill(process, SIGINT)
    try await eventually { try !ground.processes().contains(process) }
  }

  fileprivate func contains(_ isSuch: (JSON) -> Bool) throws -> Bool {
    let bytes = try ground.folder.appending(Self.file).contentsIfPresent() ?? []
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { JSON(parsing: $0) }.contains(where: isSuch)
  }
}

extension Quickstart {
  /// Returns once it listens.
  func listen() async throws -> EventRecord {
    let process = try meros.start(
      ["events", "quickstart", "--initial-state", "--json"], output: EventRecord.file)
    let record = EventRecord(ground: ground, process: process)
    try await eventually { try record.contains { $0["address"]?.string == "vm.web" } }
    return record
  }
}
