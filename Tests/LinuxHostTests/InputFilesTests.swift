import Host
import SystemPackage
import Testing

@testable import LinuxHost

/// What stands beside a manifest, on a real file system.
struct InputFilesTests {
  private func withInputs(_ script: String, _ body: (LinuxInputFiles, FilePath) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      try await Program("sh", ["-ec", script], in: folder).run("make")
      let data = try DataDirectory.open(folder.appending("data"), create: false)
      try await body(LinuxInputFiles(cache: DigestCache(data)), folder)
    }
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ("mkfifo x", "a named pipe, and no file"), ("mknod x c 1 5", "a device, and no file"),
      ("mkfifo pipe; ln -s pipe x", "a named pipe, and no file"),
      (
        #"perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un("x"))'"#,
        "a socket, and no file"
      ),
    ])
  func whatIsNoRegularFileIsNotReadButNamed(_ script: String, _ fault: String) async throws {
    try await withInputs(script) { (inputs, folder) async throws in
      let place = "\(folder)/x"
      for read in [
        { _ = try await inputs.file(place) }, { _ = try await inputs.contents(of: place) },
      ] as [() async throws -> Void] {
        let error = await #expect(throws: HostError.self) { try await read() }
        guard case .malformed(_, fault) = error?.cause else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
      await #expect(throws: HostError.self) { _ = try await inputs.beginning(of: place, count: 4) }
      #expect(try await inputs.kind(of: place) == .other)
    }
  }

  @Test func aFolderIsNoFile() async throws {
    try await withInputs("mkdir x") { (inputs, folder) async throws in
      let place = "\(folder)/x"
      let expected = HostError("read \(place)", .system(errno: Errno.isDirectory.rawValue, call: "read"))
      await #expect(throws: expected) { _ = try await inputs.file(place) }
      #expect(try await inputs.kind(of: place) == .folder)
    }
  }

  @Test func aLinkThatLeadsNowhereIsNamed() async throws {
    try await withInputs("ln -s nowhere x") { (inputs, folder) async throws in
      let place = "\(folder)/x"
      let expected = HostError("read \(place)", .malformed(place, "a link that leads nowhere, and no file"))
      await #expect(throws: expected) { _ = try await inputs.file(place) }
      #expect(try await inputs.kind(of: place) == .other)
      #expect(try await inputs.kind(of: "\(folder)/y") == nil)
    }
  }

  @Test func linksToFilesAreAsGoodAsThese() async throws {
    try await withInputs("printf hello >file; ln -s file x") { (inputs, folder) async throws in
      let place = "\(folder)/x"
      #expect(try await inputs.file(place) == sha256(Array("hello".utf8)))
      #expect(try await inputs.contents(of: place) == Array("hello".utf8))
      #expect(try await inputs.beginning(of: place, count: 4) == Array("hell".utf8))
      #expect(try await inputs.kind(of: place) == .file)
    }
  }
}
