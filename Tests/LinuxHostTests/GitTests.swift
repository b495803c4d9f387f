import Host
import SystemPackage
import Testing

@testable import LinuxHost

struct GitTests {
  private let commits = (0..<5).map { String(repeating: "\($0)", count: 40) }

  @Test func theCommitThatGitWouldTakeIsTaken() {
    let listing = """
      \(commits[0])\trefs/heads/v1
      \(commits[1])\trefs/tags/v1
      \(commits[2])\trefs/tags/v1^{}
      \(commits[3])\trefs/heads/side/v1
      \(commits[4])\trefs/pull/1/head

      """
    #expect(Git.commit(of: "v1", in: listing) == commits[2])
    #expect(Git.commit(of: "heads/v1", in: listing) == commits[0])
    #expect(Git.commit(of: "refs/heads/side/v1", in: listing) == commits[3])
    #expect(Git.commit(of: "refs/pull/1/head", in: listing) == commits[4])
    #expect(Git.commit(of: "1", in: listing) == nil)
    #expect(Git.commit(of: "v1", in: "") == nil)
  }

  @Test func branchesAndTagsOfARepositoryAreFound() async throws {
    try await withTemporaryFolder { folder in
      let repository = folder.appending("linux")
      let script = """
        git init -q -b main "$1" && cd "$1"
        export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
        git commit -q --allow-empty -m one && git tag -a -m two v1 && git commit -q --allow-empty -m three
        git rev-parse main v1^{commit}
        """
      let program = Program("sh", ["-euc", script, "sh", repository.string], capturesOutput: true)
      let known = String(decoding: try await program.run("make a repository").output, as: UTF8.self)
        .split(separator: "\n").map(String.init)
      let origins = LinuxOrigins(try .open(folder, create: false))
      #expect(try await origins.commit(of: "main", in: repository.string) == known[0])
      #expect(try await origins.commit(of: "v1", in: repository.string) == known[1])
      #expect(try await origins.commit(of: "nosuch", in: repository.string) == nil)
      let missing = folder.appending("nowhere").string
      let error = await #expect(throws: HostError.self) { _ = try await origins.commit(of: "main", in: missing) }
      #expect(error?.attempted == "look up main in \(missing)")
      guard case .program(let failure) = error?.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.lastLines.contains { $0.contains("does not appear to be a git repository") })
    }
  }

  @Test func aLockFileIsForAllToReadAndItsFoldersOwners() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let inputs = LinuxInputFiles(cache: DigestCache(data))
      let place = folder.appending("constellation.lock")
      #expect(try await inputs.contents(of: place.string) == nil)
      try await inputs.replaceLockFile(place.string, with: Array("version: 1\n".utf8))
      #expect(try await inputs.contents(of: place.string) == Array("version: 1\n".utf8))
      let stat = try place.stat()
      #expect(stat.permissions.rawValue & 0o777 == 0o644)
      #expect(try stat.userID == folder.stat().userID)
    }
  }
}
