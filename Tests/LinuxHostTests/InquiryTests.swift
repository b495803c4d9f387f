import Glibc
import Host
import HostTesting
import SystemPackage
import Testing

@testable import LinuxHost

/// A mirror with small packages of no architecture, whose versions move.
struct InquiryTests {
  private struct Mirror {
    let folder: FilePath
    let server: FileServer

    /// `tool` needs `library`.
    var source: PackageSource {
      PackageSource(
        distribution: "debian", release: "bookworm", arch: "x86_64", mirror: "deb [trusted=yes] \(server.url) ./")
    }

    /// From now on these are all that there is, by their names.
    func hold(_ versions: KeyValuePairs<String, String>) async throws {
      let script = #"""
        cd "$1"
        shift
        rm -f *.deb Packages*
        for package; do
          name=${package%%=*} version=${package#*=}
          mkdir -p "tree/DEBIAN"
          printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: %s\n' \
            "$name" "$version" "$name" >tree/DEBIAN/control
          if [ "$name" = tool ]; then echo "Depends: library" >>tree/DEBIAN/control; fi
          file="${name}_$(echo "$version" | sed 's/:/%3a/')_all.deb"
          dpkg-deb --root-owner-group -b tree "$file"
          rm -r tree
          { dpkg-deb -f "$file"
            echo "Filename: ./$file"
            echo "Size: $(stat -c %s "$file")"
            echo "SHA256: $(sha256sum <"$file" | cut -d ' ' -f 1)"
            echo; } >>Packages
        done
        """#
      try await Program(
        "sh", ["-euc", script, "sh", folder.string] + versions.map { "\($0.key)=\($0.value)" }
      ).run("fill the mirror")
    }
  }

  private func with(_ body: (Mirror, DataDirectory) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let place = folder.appending("mirror")
      try place.makeFolders()
      try await FileServer.with(place) { try await body(Mirror(folder: place, server: $0), data) }
    }
  }

  @Test func whatIsAskedGoesWithWhoeverAsked() async throws {
    let word = "meros-sleep-\(UInt64.random(in: 0 ... .max))"
    let script = InquiryFolder.watchScript + "sh -c 'sleep 600; : \(word)' & : >\"$WORK.began\"; wait"
    // Whoever asks holds the other end of the input, and is gone.
    let parent = #"""
      mkfifo "$1/input"
      mkdir "$1/work"
      WORK="$1/work" setsid sh -euc "$2" <"$1/input" &
      exec 3>"$1/input"
      until [ -e "$1/work.began" ]; do sleep 0.05; done
      exec 3>&-
      wait "$!" || echo "killed: $?"
      while [ -e "$1/work" ]; do sleep 0.05; done
      """#
    try await withTemporaryFolder { folder in
      let ending = try await Program("sh", ["-euc", parent, "sh", folder.string, script], timeout: .seconds(60))
        .run("ask")
      #expect(ending.lastLines.last == "killed: 137")
    }
    #expect(try await Program("pgrep", ["-f", word]).result("look").termination == .exited(1))
  }

  /// What fails may do so because whoever asked is gone.
  @Test(arguments: [(code: 0, isKept: true), (3, false)])
  func whatSucceedsKeepsItsFolder(code: Int32, isKept: Bool) async throws {
    try await withTemporaryFolder { folder in
      let work = folder.appending("work")
      try work.makeFolders()
      let script = InquiryFolder.watchScript + #": >"$WORK/answer"; exit \#(code)"#
      let ending = try await Program("sh", ["-euc", script], environment: ["WORK": work.string], holdsInput: true)
        .result("ask")
      #expect(ending.termination == .exited(code))
      while !isKept, work.exists { try await Task.sleep(for: .milliseconds(20)) }
      #expect(work.appending("answer").exists == isKept)
    }
  }

  private func versions(_ answer: PackageAnswer?) -> [String] {
    guard case .packages(let packages)? = answer else { return [] }
    return packages.map { "\($0.name) \($0.version)" }
  }

  @Test func aWishComesToAllThatItNeedsAndIsNotThere() async throws {
    try await with { mirror, data in
      try await mirror.hold(["tool": "1:2.0-1", "library": "5~rc1"])
      let origins = LinuxOrigins(data)
      let answers = try await origins.packages(
        for: [.added(["tool"], onto: []), .added(["library"], onto: []), .added(["tool", "toool", "x"], onto: [])],
        from: mirror.source)
      #expect(answers.map(versions) == [["library 5~rc1", "tool 1:2.0-1"], ["library 5~rc1"], []])
      #expect(answers.last == .unknown(["toool", "x"]))
      let library = try #require(answers[1].packages)
      let more = try await origins.packages(for: [.added(["tool"], onto: library)], from: mirror.source)
      #expect(more.map(versions) == [["tool 1:2.0-1"]])
    }
  }

  @Test func whatTheMirrorLostIsMissingUnlessItIsCached() async throws {
    try await with { mirror, data in
      try await mirror.hold(["tool": "1", "library": "1"])
      let origins = LinuxOrigins(data)
      let answer = try await origins.packages(for: [.added(["tool"], onto: [])], from: mirror.source).first
      let first = try #require(answer?.packages)
      #expect(try await origins.missing(first, from: mirror.source).isEmpty)
      let kept = mirror.folder.appending("library_1_all.deb")
      let bytes = try kept.contents()
      try await mirror.hold(["tool": "2", "library": "1.1"])
      #expect(try await origins.missing(first, from: mirror.source) == first)
      let cache = data.cache.pushing("debs/debian-bookworm-x86_64")
      try cache.makeFolders()
      try cache.appending("library_1_all.deb").replaceContents(bytes)
      #expect(try await origins.missing(first, from: mirror.source).map(\.name) == ["tool"])
      // What is locked may be in the cache alone: what comes onto it is found all the same.
      let added = try await origins.packages(for: [.added(["tool"], onto: [first[0]])], from: mirror.source)
      #expect(added.map(versions) == [["tool 2"]])
      let gone = LockedPackage(name: "gone", version: "3", identity: first[0].identity)
      #expect(
        try await origins.packages(for: [.added(["tool"], onto: [gone])], from: mirror.source) == [.lost([gone])])
      // Another file of the same version is none.
      try cache.appending("library_1_all.deb").replaceContents(bytes + [0])
      #expect(try await origins.missing(first, from: mirror.source) == first)
    }
  }

  @Test func aMirrorThatDoesNotAnswerCountsAsItDidLast() async throws {
    try await with { mirror, data in
      try await mirror.hold(["tool": "1", "library": "1"])
      let wish = PackageWish.added(["tool"], onto: [])
      let origins = LinuxOrigins(data)
      let answers = try await origins.packages(for: [wish], from: mirror.source)
      mirror.server.stop()
      #expect(try await origins.packages(for: [wish], from: mirror.source) == answers)
      let packages = try #require(answers.first?.packages)
      // Whether it still has them is another question.
      let error = await #expect(throws: HostError.self) {
        _ = try await origins.missing(packages, from: mirror.source)
      }
      let what = "library 1 and 1 more of debian-bookworm-x86_64"
      #expect(error?.attempted == "find \(what) on the mirror, since the cache does not have it,")
      await #expect(throws: HostError.self) {
        _ = try await origins.packages(for: [wish], from: mirror.source, strictly: true)
      }
      // What another mirror said is nothing that this one did.
      var deaf = mirror.source
      deaf.mirror = "deb [trusted=yes] http://127.0.0.1:9/ ./"
      await #expect(throws: HostError.self) { _ = try await origins.packages(for: [wish], from: deaf) }
      let other = LinuxOrigins(try .open(data.root.appending("none"), create: false))
      await #expect(throws: HostError.self) { _ = try await other.packages(for: [wish], from: mirror.source) }
      // Where there is no data directory, none is made.
      #expect(!data.root.appending("none").exists)
    }
  }

  @Test(.enabled(if: geteuid() == 0, "building needs root"))
  func whatWasLookedUpIsFetchedFromWhereItWasThen() async throws {
    try await with { mirror, data in
      try await mirror.hold(["tool": "1:1", "library": "1"])
      let wish = PackageWish.added(["tool"], onto: [])
      let answer = try await LinuxOrigins(data).packages(for: [wish], from: mirror.source).first
      let packages = try #require(answer?.packages)
      let folder = data.root.appending("entry")
      try folder.makeFolders()
      let builder = Builder(
        data: data, folder: folder, attempted: "build", log: data.root.appending("log"), progress: .silent)
      let debs = data.cache.pushing("debs/debian-bookworm-x86_64")
      func fetch() async throws -> [String] {
        _ = try await builder.gather(packages, from: mirror.source)
        return try debs.folderEntries().map(\.string).filter { $0.hasSuffix(".deb") }
      }
      // Without a look into its index.
      let index = mirror.folder.appending("Packages")
      try index.rename(to: mirror.folder.appending("hidden"))
      let files = ["library_1_all.deb", "tool_1%3a1_all.deb"]
      #expect(try await fetch() == files)

      // They lie elsewhere now.
      try debs.removeTree()
      try await Program(
        "sh",
        [
          "-euc", "cd \"$1\"; mkdir pool; mv *.deb pool; sed s:./:./pool/: hidden >Packages", "sh",
          mirror.folder.string,
        ]
      ).run("move packages")
      #expect(try await fetch() == files)
    }
  }

  @Test(
    arguments: [
      (
        "'http://m/a_1_all.deb' a_1%3a2_all.deb 10 SHA256:00ff\n",
        [
          PlacedPackage(
            package: LockedPackage(name: "a", version: "1:2", digest: "00ff"), file: "a_1%3a2_all.deb",
            uri: "http://m/a_1_all.deb")
        ]
      ),
      ("", []), ("'http://m/a' a_1_all.deb 10 MD5Sum:00\n", nil), ("nonsense\n", nil),
    ] as [(String, [PlacedPackage]?)])
  func whatAptPrintsIsReadOrRefused(_ text: String, _ packages: [PlacedPackage]?) {
    #expect(AptAnswer.packages(in: text) == packages)
  }
}

extension PackageAnswer {
  /// nil for another answer.
  fileprivate var packages: [LockedPackage]? {
    if case .packages(let packages) = self { packages } else { nil }
  }
}
