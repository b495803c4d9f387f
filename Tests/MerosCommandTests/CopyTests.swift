import Glibc
import Host
import LinuxHost
import Network
import SystemPackage
import Testing

@testable import MerosCommand

@Test func whatIsPushedGoesWhereTheColonSays() throws {
  let plain = try #require(Copy(push: ["a", "/b/", "-c"]))
  #expect(plain.sources == ["./a", "/b", "./-c"] && plain.destination == "mos-shared/" && plain.goesIntoFolder)
  let named = try #require(Copy(push: ["a:b", ":~/x y"]))
  #expect(named.sources == ["./a:b"] && named.destination == "x y" && !named.goesIntoFolder)
  #expect(Copy(push: ["a", ":"])?.destination == "./")
  #expect(Copy(push: ["a", ":/srv/"])?.goesIntoFolder == true)
  for bad in [[], [":x"], ["a", ":x", "b"], [""]] { #expect(Copy(push: bad) == nil) }
}

@Test func whatIsPulledComesFromTheVM() throws {
  let plain = try #require(Copy(pull: ["/var/log/"]))
  #expect(plain.sources == ["/var/log"] && plain.destination == "./mos-shared/" && plain.goesIntoFolder)
  let named = try #require(Copy(pull: [":~/a", "b"]))
  #expect(named.sources == ["a"] && named.destination == "./b" && !named.goesIntoFolder)
  #expect(Copy(pull: ["a", ":b"])?.sources == ["a", "b"])
  #expect(Copy(pull: ["a", "b", "/c"])?.destination == "/c")
  for bad in [[], [""], ["a", ""]] { #expect(Copy(pull: bad) == nil) }
}

@Suite(.enabled(if: TestServer.isAvailable, "needs root, ip and sshd"))
struct CopyOnServerTests {
  /// Names that break what puts commands together carelessly.
  private static let names = [
    "plain", "two words", "line\nbreak", "it's \"$x\" `y`", "a:b", "-rf", "*", "deep/er/file",
  ]

  @Test(arguments: [true, false])
  func filesOfAllNamesComeBackAsTheyWere(_ hasRsync: Bool) async throws {
    try await TestServer.with(hiding: hasRsync ? [] : ["rsync"]) { server in
      let tree = server.folder.appending("tree")
      for (index, name) in Self.names.enumerated() {
        let file = tree.pushing(FilePath(name))
        try file.removingLastComponent().makeFolders()
        try file.replaceContents([UInt8](repeating: UInt8(index), count: 100_000 + index))
      }
      try await server.push([tree.string, ":there"], hasRsync)
      let back = server.folder.appending("back")
      try await server.pull([":there/tree", back.string], hasRsync)
      for name in Self.names {
        let (before, after) = (tree.pushing(FilePath(name)), back.appending("tree").pushing(FilePath(name)))
        #expect(try before.contents() == after.contents(), "\(name)")
      }

      // Again, with one file changed: into the same place, not beside it.
      try tree.appending("plain").replaceContents(Array("changed".utf8))
      try await server.push([tree.string, ":there"], hasRsync)
      #expect(try await server.text("cat there/tree/plain; ls there; ls -A there/tree | wc -l") == "changedtree\n9\n")
    }
  }

  @Test(arguments: [true, false])
  func aLargeFileComesBackAsItWas(_ hasRsync: Bool) async throws {
    try await TestServer.with(hiding: hasRsync ? [] : ["rsync"]) { server in
      let name = "a large one\nof 100 MB"
      let file = server.folder.appending(name)
      try await Program("sh", ["-c", "head -c 100000000 /dev/urandom >\"$0\"", file.string]).run("make a large file")
      try await server.push([file.string, ":there/"], hasRsync)
      #expect(try await server.text("stat -c %s there/*") == "100000000\n")
      let back = server.folder.appending("back")
      try await server.pull([":there/\(name)", "\(back)/"], hasRsync)
      let digests = Program("sha256sum", ["-z", file.string, back.appending(name).string], capturesOutput: true)
      let lines = try await digests.run("compare them").output.split(separator: 0)
      #expect(lines.count == 2 && lines[0].prefix(64) == lines[1].prefix(64))
    }
  }

  @Test(arguments: [true, false])
  func aSingleFileTakesItsNewNameUnlessThatIsAFolder(_ hasRsync: Bool) async throws {
    try await TestServer.with(hiding: hasRsync ? [] : ["rsync"]) { server in
      let file = server.folder.appending("it's")
      try file.replaceContents(Array("hello".utf8))
      try await server.push([file.string], hasRsync)
      try await server.push([file.string, ":new/name"], hasRsync)
      try await server.push([file.string, ":new"], hasRsync)
      try await server.push([file.string, ":~/slash/"], hasRsync)
      #expect(
        try await server.text("find . -type f | sort") == "./mos-shared/it's\n./new/it's\n./new/name\n./slash/it's\n")

      let here = server.folder.appending("here")
      try await server.pull(["new/name", here.appending("renamed").string], hasRsync)
      try await server.pull(["new/name", here.string], hasRsync)
      try await server.pull(["new/*", here.appending("all").string], hasRsync)
      for name in ["renamed", "name", "all/name", "all/it's"] {
        #expect(try here.pushing(FilePath(name)).contents() == Array("hello".utf8), "\(name)")
      }
      await #expect(throws: HostError.self) { try await server.pull(["nowhere", here.string], hasRsync) }
    }
  }
}

extension TestServer {
  func text(_ command: String) async throws -> String {
    String(decoding: try await run(command).output, as: UTF8.self)
  }

  func push(_ paths: [String], _ expectsRsync: Bool) async throws {
    try await carryOut(try #require(Copy(push: paths)), expectsRsync)
  }

  func pull(_ paths: [String], _ expectsRsync: Bool) async throws {
    try await carryOut(try #require(Copy(pull: paths)), expectsRsync)
  }

  private func carryOut(_ copy: Copy, _ expectsRsync: Bool) async throws {
    var copy = copy
    let hasRsync = try await copy.prepare(login, namespace)
    #expect(hasRsync == expectsRsync)
    let program = hasRsync ? copy.rsync(login, hasTerminal: false) : copy.scp(login, hasTerminal: false)
    try await program.inside(namespace).run("copy")
  }
}
