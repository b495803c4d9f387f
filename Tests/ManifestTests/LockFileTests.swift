import Diagnostics
import Testing

@testable import Manifest

private let old = String(repeating: "a", count: 40)
private let new = String(repeating: "b", count: 40)

private func lock(_ entries: KeyValuePairs<String, String>) -> LockFile {
  var lock = LockFile()
  for (name, commit) in entries { lock[LockFile.Key(.kernels, name)] = commit }
  return lock
}

private let digest = String(repeating: "d", count: 64)

private let checksum = "Q1\(String(repeating: "+", count: 27))="

private func packages(_ packages: [String: String], of name: String = "debian bookworm x86_64") -> LockFile {
  var lock = LockFile()
  lock[packages: LockFile.Key(.packages, name)] = packages
  return lock
}

private func faults(_ text: String) -> [String] {
  do {
    _ = try LockFile(Array(text.utf8), file: "constellation.lock")
    return []
  } catch {
    return error.all.map { "\($0.location.map { "\($0.line):\($0.column)" } ?? "-") \($0.summary)" }
  }
}

struct LockFileTests {
  @Test func itsTextIsSortedAndSaysWhatItIs() {
    #expect(
      lock(["https://example.org/linux.git v6.1": new, "../linux master": old]).text == """
        # What names of the manifest that may move stood for when meros looked them up. Keep it with the manifest;
        # meros plan --update shows what is newer, meros apply --update takes it.
        version: 1
        kernels:
          "../linux master": "\(old)"
          "https://example.org/linux.git v6.1": "\(new)"

        """)
  }

  @Test(
    arguments: [
      lock([:]), lock(["a b": old]), lock(["quote \" and \\ master": old, "naïve – \u{1f980} master": new]),
      lock(["~ master": old, "true master": old, "a: b # c master": new]),
      packages(["g++": "4:12.2.0-3 sha256:\(digest)", "dbus": "1~rc1+b2 sha256:\(digest)"], of: "debian (deb x y) z"),
      packages(["R": "4.4_p1-r0 \(checksum)", "libstdc++": "13.2.1_git20240309-r0 \(checksum)"], of: "alpine"),
      packages([:], of: "alpine 3.20 x86_64 http://m with busybox"),
    ])
  func whatIsWrittenIsReadBack(_ lock: LockFile) throws {
    #expect(try LockFile(Array(lock.text.utf8), file: "constellation.lock") == lock)
  }

  @Test func aSectionWithNothingInItIsRead() throws {
    #expect(try LockFile(Array("version: 1\nkernels:\n".utf8), file: "constellation.lock").isEmpty)
  }

  @Test(
    arguments: [
      ("kernels:\n  x: y\n", ["1:1 constellation.lock is no lock file: it has no version"]),
      ("[]", ["1:1 constellation.lock is no lock file: it has no version"]),
      ("version: 2\n", ["1:10 constellation.lock is a lock file of version 2, and this meros reads 1"]),
      (
        "version: 1\nkernels: [x]\ncars: {}\n",
        ["2:10 kernels should be a mapping, not a list", "3:1 a lock file has no section cars"]
      ),
      (
        "version: 1\nkernels:\n  \"a b\": main\n",
        ["3:10 this should be a commit, 40 or 64 hexadecimal digits, not main"]
      ),
      ("version: 1\nkernels: {a b: \(old), a b: \(old)}\n", ["2:58 duplicate key a b"]),
      (
        "version: 1\npackages:\n  d: [x]\n  e: {-x: 1 sha256:\(digest), y: 1}\n",
        [
          "3:6 this should be packages with their versions, not a list", "4:7 -x is no name of a package",
          "4:89 this should be a version and a digest, like 1.2-3 sha256:… or 1.2-r3 Q1…=, not 1",
        ]
      ),
      (
        "version: 1\npackages:\n  d: {x: 1 Q1short=, y: 1 \(checksum.dropLast())!, z: 1 Q3\(checksum.dropFirst(2))}\n",
        [("3:10", "1 Q1short="), ("3:25", "1 \(checksum.dropLast())!"), ("3:62", "1 Q3\(checksum.dropFirst(2))")].map {
          "\($0) this should be a version and a digest, like 1.2-3 sha256:… or 1.2-r3 Q1…=, not \($1)"
        }
      ),
    ])
  func everyFaultHasItsPlace(_ text: String, _ expected: [String]) {
    #expect(faults(text) == expected)
  }

  @Test func whatMovesIsToldInOrder() {
    let before = lock(["a main": old, "b main": old, "c main": old])
    let after = lock(["b main": new, "c main": old, "d main": new])
    func key(_ name: String) -> LockFile.Key { LockFile.Key(.kernels, name) }
    #expect(
      before.moves(to: after) == [
        LockFile.Move(key("a main"), before: old, after: nil), LockFile.Move(key("b main"), before: old, after: new),
        LockFile.Move(key("d main"), before: nil, after: new),
      ])
    #expect(before.moves(to: before).isEmpty)
  }

  @Test func packagesMoveOneByOne() {
    let key = LockFile.Key(.packages, "debian bookworm x86_64")
    let before = packages(["a": "1 sha256:\(digest)", "b": "1 sha256:\(digest)"])
    let after = packages(["b": "2 sha256:\(digest)", "c": "1 sha256:\(digest)"])
    #expect(
      before.moves(to: after) == [
        LockFile.Move(key, package: "a", before: "1 sha256:\(digest)", after: nil),
        LockFile.Move(key, package: "b", before: "1 sha256:\(digest)", after: "2 sha256:\(digest)"),
        LockFile.Move(key, package: "c", before: nil, after: "1 sha256:\(digest)"),
      ])
  }

  @Test func aSetInWhichThereIsNoneMovesAsAWhole() {
    let key = LockFile.Key(.packages, "debian bookworm x86_64")
    #expect(
      LockFile().moves(to: packages([:])) == [LockFile.Move(key, before: nil, after: "no packages")]
        && packages([:]).moves(to: packages([:])).isEmpty)
  }

  @Test func aPackageHasItsPlaceInTheFile() {
    let value = "2 sha256:\(digest)"
    let text = Array(packages(["a": "1 sha256:\(digest)", "b": value]).text.utf8)
    let place = LockFile.place(of: "b", value, in: text, file: "constellation.lock")
    #expect(place.map { "\($0)" } == "constellation.lock:7:5")
    #expect(LockFile.place(of: "a", value, in: text, file: "constellation.lock") == nil)
  }

  @Test func packagesAreLookedUpOnceForAllThatWantTheSame() throws {
    let manifest = try Manifest.load(
      Array(
        """
        kernels: {trixie: {source: distribution, distribution: debian, release: trixie}, mine: {source: git}}
        virtual_machines:
          web: {packages: [nginx, curl]}
          twin: {packages: [curl, nginx]}
          plain: {kernel: trixie}
          own: {kernel: mine, mirror: "http://m", components: [main, contrib], sources: ["deb http://n x y"]}
          arm: {arch: aarch64}
          small: {distribution: alpine, mirror: "http://a", packages: [jq]}

        """.utf8), file: "constellation.yml", directoryName: "lab"
    ).manifest
    #expect(
      manifest.movingNames.map(\.key).filter { $0.section == .packages }.map(\.name) == [
        "debian bookworm x86_64", "debian bookworm x86_64 with curl nginx",
        "debian bookworm x86_64 http://m main contrib (deb http://n x y)", "debian bookworm aarch64",
        "alpine 3.20 x86_64 http://a", "alpine 3.20 x86_64 http://a with jq", "debian bookworm x86_64 kernel",
        "debian trixie x86_64 kernel", "debian bookworm aarch64 kernel", "alpine 3.20 x86_64 http://a kernel",
      ])
  }

  @Test func onlyNamesThatMayMoveAreLookedUp() throws {
    let manifest = try Manifest.load(
      Array(
        """
        kernels:
          usual: {source: git}
          same: {source: git, ref: master, config: [x]}
          tagged: {source: git, url: ../linux, ref: v6.1}
          fixed: {source: git, url: ../linux, ref: \(old)}
          packaged: {source: distribution}

        """.utf8), file: "constellation.yml", directoryName: "lab"
    ).manifest
    #expect(
      manifest.movingNames.map(\.key.name) == ["\(KernelSpec.usualRepository) master", "../linux v6.1"])
  }
}
