import Glibc
import HostTesting
import LinuxHost
import SystemPackage
import Testing

/// What happens to running QEMUs and what they hold.
@Suite(.serialized, .enabled(if: Ground.isAvailable, "needs root, network namespaces and QEMU"))
struct MachineAccidentTests {
  @Test func onlyWhatWasHitIsMended() async throws {
    try await Ground.with { ground in
      let laboratory = try Laboratory(ground)
      try await laboratory.apply(Manifests.three)
      let before = try await laboratory.pids()
      #expect(before.keys.sorted() == ["client", "db", "web"])

      let client = try #require(before["client"])
      kill(client, SIGKILL)
      while try ground.processes().contains(client) { try await Task.sleep(for: .milliseconds(10)) }
      try ground.namespace.ip("link", "delete", "lab-db-0")
      #expect(
        try await laboratory.plan(Manifests.three) == ["create tap.lab-db-0 (none)", "create vm.client (none)"])
      try await laboratory.apply(Manifests.three)

      let after = try await laboratory.pids()
      #expect(after["web"] == before["web"])
      #expect(after["db"] == before["db"])
      #expect(after["client"] != client)
      // The kernel gives a tap its carrier while somebody holds it.
      let tap = try ground.namespace.ip("link", "show", "lab-db-0")
      #expect(tap.contains("LOWER_UP"))
    }
  }

  @Test func whatIsOnlyNotesMayBeLost() async throws {
    try await Ground.with { ground in
      let laboratory = try Laboratory(ground)
      try await laboratory.apply(Manifests.three)
      let pids = try await laboratory.pids()
      let things: Set<String> = ["store", "disks", "keys", "run"]
      for name in try laboratory.data.folderEntries() where !things.contains(name.string) {
        try laboratory.data.appending(name).removeTree()
      }
      // As the next command finds it.
      let later = try Laboratory(ground)
      #expect(try await later.plan(Manifests.three) == [])
      #expect(try await later.pids() == pids)
    }
  }

  @Test func aMachineWhoseMonitorIsLostIsSaidToBeSo() async throws {
    try await Ground.with { ground in
      let laboratory = try Laboratory(ground)
      let manifest = Manifests.bridges + Manifests.machines + Manifests.client
      try await laboratory.apply(manifest)
      let before = try await laboratory.pids()
      try laboratory.data.pushing(FilePath("run/lab/client")).removeTree()
      #expect(
        try await laboratory.plan(manifest) == ["update vm.client (restart), monitor: lost -> answers"])
      try await laboratory.apply(manifest)
      #expect(try await laboratory.pids() != before)
      try await laboratory.apply(nil)
      #expect(try ground.processes() == [])
    }
  }
}
