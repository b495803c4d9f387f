import Host
import SystemPackage
import Testing

@testable import LinuxHost

struct KeyTests {
  @Test func aKeyIsMadeOnceAndPinned() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder, create: true)
      let keys = LinuxKeys(data)
      try await keys.ensure(.client, of: "lab")
      try await withThrowingTaskGroup { group in
        for vm in ["web", "web-a", "db"] { group.addTask { try await keys.ensure(.host(vm: vm), of: "lab") } }
        try await group.waitForAll()
      }
      let first = try await keys.keys(of: "lab")
      #expect(first.map(\.use) == [.client, .host(vm: "db"), .host(vm: "web"), .host(vm: "web-a")])
      #expect(first.allSatisfy { $0.isPinned && $0.publicKey?.hasPrefix("ssh-ed25519 AAAA") == true })
      try await keys.ensure(.host(vm: "web"), of: "lab")
      #expect(try await keys.keys(of: "lab") == first)
      let pins = try data.knownHosts("lab").text().split(separator: "\n")
      #expect(pins.map { $0.prefix { $0 != " " } } == ["db", "web", "web-a"])
      #expect(try data.key(.client, of: "lab").stat().permissions == [.ownerReadWrite])
      #expect(try data.keys("lab").stat().permissions == [.ownerReadWriteExecute])
      #expect(try FilePath("\(data.key(.client, of: "lab")).pub").text().hasSuffix(" meros lab\n"))
    }
  }

  @Test func halfAPairIsMadeAnew() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder, create: true)
      let keys = LinuxKeys(data)
      try await keys.ensure(.host(vm: "web"), of: "lab")
      let before = try await keys.keys(of: "lab")
      try data.key(.host(vm: "web"), of: "lab").unlink()
      let between = try await keys.keys(of: "lab")
      #expect(between.map(\.publicKey) == [nil] && between.map(\.isPinned) == [false])
      try await keys.ensure(.host(vm: "web"), of: "lab")
      let after = try await keys.keys(of: "lab")
      #expect(after.map(\.isPinned) == [true] && after != before)
    }
  }

  @Test func aLostPinIsPutBack() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder, create: true)
      let keys = LinuxKeys(data)
      try await keys.ensure(.host(vm: "web"), of: "lab")
      try data.knownHosts("lab").unlink()
      #expect(try await keys.keys(of: "lab").map(\.isPinned) == [false])
      try await keys.ensure(.host(vm: "web"), of: "lab")
      #expect(try await keys.keys(of: "lab").map(\.isPinned) == [true])
    }
  }

  @Test func removingTheLastLeavesNothing() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder, create: true)
      let keys = LinuxKeys(data)
      for use in [KeyUse.client, .host(vm: "web"), .host(vm: "db")] { try await keys.ensure(use, of: "lab") }
      try await keys.remove(.host(vm: "web"), of: "lab")
      #expect(try data.knownHosts("lab").text().hasPrefix("db "))
      for use in [KeyUse.client, .host(vm: "db"), .host(vm: "db")] { try await keys.remove(use, of: "lab") }
      #expect(!data.keys("lab").exists)
    }
  }
}
