import Glibc
import Host
import SystemPackage
import Testing

@testable import LinuxHost

/// The functions of the guest's first program, tried on a folder that stands for its root file system.
@Suite(.enabled(if: geteuid() == 0, "needs root, as the guest's first program is"))
struct GuestInitTests {
  /// Runs commands behind the functions and gives what they wrote.
  private func run(_ commands: String, in folder: FilePath) async throws -> String {
    let script = folder.appending("init")
    try script.write(GuestInit.script)
    let settings = "root='\(folder)/root'; identity='\(folder)/identity'; work='\(folder)'; console=/dev/stdout"
    let result = try await Program(
      "busybox", ["sh", "-c", ". '\(script)'; \(settings); \(commands)"], capturesOutput: true
    ).result("try the init script")
    return String(decoding: result.output, as: UTF8.self)
  }

  private func withRoot(_ body: (FilePath) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      try folder.appending("root/etc/passwd").write(
        "root:x:0:0:root:/root:/bin/sh\nann:x:1234:1234::/home/ann:/bin/sh\n")
      try folder.appending("root/etc/group").write("root:x:0:\nann:x:1234:\n")
      try folder.appending("root/etc/shadow").write("root:*:19000:0:99999:7:::\n")
      try folder.appending("identity/authorized_keys").write("ssh-ed25519 one\n")
      try await body(folder)
    }
  }

  @Test func linesOfOthersStayAndOursAreRenewed() async throws {
    try await withRoot { folder in
      let hosts = folder.appending("root/etc/hosts")
      try hosts.write("10.1.1.1 mine")
      let lines = folder.appending("lines")
      try lines.write("10.0.0.1 web\n")
      _ = try await run("block $root/etc/hosts $work/lines", in: folder)
      try lines.write("10.0.0.2 web\n")
      _ = try await run("block $root/etc/hosts $work/lines", in: folder)
      #expect(
        try hosts.text() == """
          10.1.1.1 mine
          # meros begin: these lines are renewed at every boot
          10.0.0.2 web
          # meros end

          """)
    }
  }

  @Test func keysLetInWhoeverHasALoginAndNobodyElse() async throws {
    try await withRoot { folder in
      _ = try await run("authorize ann; authorize nobody-here", in: folder)
      let keys = folder.appending("root/home/ann/.ssh/authorized_keys")
      #expect(try keys.text().contains("\nssh-ed25519 one\n"))
      let status = try keys.stat()
      #expect(status.userID.rawValue == 1234 && status.permissions == [.ownerReadWrite])
      #expect(try keys.removingLastComponent().stat().permissions == [.ownerReadWriteExecute])
    }
  }

  @Test func aLinkThatAGuestLaidIsNotFollowed() async throws {
    try await withRoot { folder in
      let shadow = folder.appending("root/etc/shadow")
      try folder.appending("root/home/ann/.ssh").makeFolders()
      let keys = folder.appending("root/home/ann/.ssh/authorized_keys")
      try await Program("ln", ["-s", "../../../etc/shadow", keys.string]).run("lay a link")
      _ = try await run("authorize ann", in: folder)
      #expect(try shadow.text() == "root:*:19000:0:99999:7:::\n")
      #expect(try shadow.stat().userID.rawValue == 0)
      #expect(try keys.stat(followTargetSymlink: false).type == .regular)
    }
  }

  @Test func aUserIsMadeByHandWhereTheGuestHasNoToolForIt() async throws {
    try await withRoot { folder in
      _ = try await run("make_user bob; make_user bob; make_user ann; authorize bob", in: folder)
      let users = try folder.appending("root/etc/passwd").text()
      #expect(users.hasSuffix("ann:x:1234:1234::/home/ann:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/sh\n"))
      #expect(try folder.appending("root/etc/shadow").text().contains("\nbob:*:"))
      #expect(try folder.appending("root/home/bob").stat().userID.rawValue == 1000)
    }
  }

  @Test func aLinkMakesWayForTheResolverThatIsGiven() async throws {
    try await withRoot { folder in
      try folder.appending("identity/root/etc/resolv.conf").write("nameserver 10.0.0.1\n")
      let resolver = folder.appending("root/etc/resolv.conf")
      try await Program("ln", ["-s", "../run/nowhere", resolver.string]).run("lay a link")
      _ = try await run("lay_files", in: folder)
      #expect(try resolver.stat(followTargetSymlink: false).type == .regular)
      #expect(try resolver.text() == "nameserver 10.0.0.1\n")
    }
  }

  @Test func whatCannotGoOnSaysWhyInTheFormThatIsLookedFor() async throws {
    try await withRoot { folder in
      let said = try await run("find_init; echo went on", in: folder)
      #expect(said == "\(GuestInit.failureMark)no /sbin/init on the root disk\n")
      let log = SerialLog(path: folder.appending("serial.log"))
      try log.path.write("[    1.0] kernel\r\n" + said)
      #expect(log.failure == .refused("no /sbin/init on the root disk"))
      #expect(log.lastLines.first == "[    1.0] kernel")
    }
  }

  @Test func anInitThatIsALinkIntoTheGuestIsFound() async throws {
    try await withRoot { folder in
      try folder.appending("root/sbin").makeFolders()
      try await Program("ln", ["-s", "/lib/systemd/systemd", "\(folder)/root/sbin/init"]).run("lay a link")
      #expect(try await run("find_init; echo $init", in: folder) == "/sbin/init\n")
    }
  }

  @Test func aPanicIsRecognized() async throws {
    try await withTemporaryFolder { folder in
      let log = SerialLog(path: folder.appending("serial.log"))
      #expect(log.failure == nil && log.lastLines.isEmpty)
      try log.path.write("boot\n[ 3.1] Kernel panic - not syncing: VFS\n\u{1b}[0m---\n")
      #expect(log.failure == .panicked)
      #expect(log.lastLines == ["boot", "[ 3.1] Kernel panic - not syncing: VFS", "---"])
    }
  }
}
