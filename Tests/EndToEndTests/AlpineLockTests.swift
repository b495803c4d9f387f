import HostTesting
import LinuxHost
import SystemPackage
import Testing

/// The lock file of a constellation with a machine of Alpine, by the program itself, beside a mirror that moves.
@Suite(.enabled(if: Ground.isAvailable && AlpineMirror.isAvailable, "needs root, QEMU and ../shared/alpine"))
struct AlpineLockTests {
  private static func manifest(_ mirror: AlpineMirror, packages: String = "hello") -> String {
    """
    virtual_machines:
      web:
        distribution: alpine
        mirror: \(mirror.url)
        components: main
        mirror_keys: keys/tests@meros.rsa.pub
        packages: [\(packages)]

    """
  }

  private func with(_ body: (Ground, AlpineMirror, MerosProgram) async throws -> Void) async throws {
    try await Ground.with { ground in
      try await AlpineMirror.with(in: ground.folder.appending("mirror")) { mirror in
        try ground.write(Self.manifest(mirror), to: "lab/constellation.yml")
        try ground.write(String(decoding: try mirror.key.contents(), as: UTF8.self), to: "lab/keys/tests@meros.rsa.pub")
        try await body(ground, mirror, try MerosProgram(ground))
      }
    }
  }

  @Test(arguments: ["restart", "start", "build"])
  func aNameThatThereIsNotIsSaidBeforeAnybodyIsAsked(_ command: String) async throws {
    try await with { ground, mirror, meros in
      mirror.stop()
      let ending = try await meros.run([command, "lab", "wbe"])
      #expect(ending.code == 1 && ending.diagnostics.hasSuffix("do: did you mean web?"), "\(ending.diagnostics)")
      #expect(!ending.diagnostics.contains("looking up"))
      #expect(!ground.folder.appending("data").exists)
    }
  }

  @Test func nothingMovesUntilItIsAskedFor() async throws {
    try await with { ground, mirror, meros in
      let name = "packages: alpine 3.20 x86_64 \(mirror.url) main"
      let plan = try await meros.run(["plan", "lab"])
      for (group, count) in [("", 2), (" kernel", 2), (" with hello", 2)] {
        #expect(plan.output.contains("+ \(name)\(group) = \(count) packages\n"), "\(plan.output)\n\(plan.diagnostics)")
      }
      let build = try await meros.run(["build", "lab", "--auto-approve"])
      #expect(build.code == 0, "\(build.output)\n\(build.diagnostics)")
      let lock = try ground.folder.pushing("lab/constellation.lock").contents()
      let lines = String(decoding: lock, as: UTF8.self).split(separator: "\n").map(String.init)
      #expect(lines.contains { $0.hasPrefix("    \"openrc\": \"0.54-r1 Q1") && $0.hasSuffix("=\"") })
      let rootfs = build.output.split(separator: "\n").compactMap { line in
        line.firstRange(of: "rootfs.alpine-").map { line[$0.lowerBound...].prefix { !" :".contains($0) } }
      }
      let why = try await meros.run(["why", "lab", String(try #require(rootfs.last))])
      #expect(why.output.contains("package versions: "), "\(why.output)\(why.diagnostics)")

      try mirror.hold("openrc", "0.55-r0")
      try mirror.hold("libhello", "3.0-r0")
      let same = try await meros.run(["plan", "lab"])
      #expect(same.code == 0 && !same.output.contains("constellation.lock:"), "\(same.output)")
      let newer = try await meros.run(["plan", "lab", "--update"])
      #expect(
        newer.output.contains("  ~ \(name): openrc = 0.54-r1 -> 0.55-r0\n"), "\(newer.output)\(newer.diagnostics)")
      #expect(newer.output.contains("  ~ \(name) with hello: libhello = 2.1-r3 -> 3.0-r0\n"), "\(newer.output)")
      #expect(!newer.output.contains("openssh-server ="))

      // What is locked is nowhere any more.
      for folder in ["store/rootfs", "cache/apks"] {
        try ground.folder.pushing(FilePath("data/\(folder)")).removeTree()
      }
      for verb in [["plan", "lab"], ["apply", "lab", "--auto-approve"]] {
        let lost = try await meros.run(verb)
        #expect(lost.code == 1)
        for (package, version) in [("openrc", "0.54-r1"), ("libhello", "2.1-r3")] {
          let line = try #require(lines.firstIndex { $0.hasPrefix("    \"\(package)\":") })
          let fault = "error: \(package) \(version) of alpine 3.20 is neither in the cache nor on the mirror"
          #expect(
            lost.diagnostics.contains("\(fault)\n  lab/constellation.lock:\(line + 1):5\n"), "\(lost.diagnostics)")
        }
      }
      // What all of it comes onto neither.
      try ground.folder.pushing("data/cache/minirootfs").removeTree()
      try mirror.minirootfs.unlink()
      let nothing = try await meros.run(["plan", "lab"])
      let fault = "error: the minirootfs 3.20.3 of alpine is neither in the cache nor on the mirror"
      #expect(
        nothing.code == 1 && nothing.diagnostics.contains("\(fault)\n  lab/constellation.lock:5:3\n"),
        "\(nothing.diagnostics)")
    }
  }

  @Test func aNameThatThereIsNotIsAnErrorAtItsPlace() async throws {
    try await with { ground, mirror, meros in
      try ground.write(Self.manifest(mirror, packages: "hello, helo"), to: "lab/constellation.yml")
      let plan = try await meros.run(["plan", "lab"])
      #expect(plan.code == 1)
      #expect(
        plan.diagnostics.contains("error: alpine 3.20 has no package helo\n  lab/constellation.yml:7:23\n"),
        "\(plan.diagnostics)")
    }
  }

  /// By a user who may look at the packet filter and nothing else.
  @Test func aPlanLooksPackagesUpWithoutRoot() async throws {
    try await with { ground, mirror, meros in
      let script = """
        cd "$1"; chmod 755 .; cp "$2" meros
        exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+net_admin --ambient-caps=+net_admin \
          env -u MEROS_NETNS NO_COLOR=1 MEROS_DATA="$1/data" ./meros plan lab
        """
      let output = try TestProgram.run(["sh", "-euc", script, "sh", ground.folder.string, meros.path.string])
      #expect(output.contains("+ packages: alpine 3.20 x86_64 \(mirror.url) main with hello = 2 packages"), "\(output)")
      #expect(!ground.folder.appending("data").exists)
    }
  }
}
