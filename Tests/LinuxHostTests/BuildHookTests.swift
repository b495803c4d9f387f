import Glibc
import Host
import SystemPackage
import Testing

@testable import LinuxHost

@Suite(.enabled(if: geteuid() == 0, "building needs root"))
struct BuildHookTests {
  /// Builds an image with one hook, and calls `check` with what came of it.
  private func hook(
    _ script: String, network: Bool = false, limit: Int = 1800,
    check: (DataDirectory, (any Error)?) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      let path = folder.appending("0100-it.chroot")
      try path.write("#!/bin/sh\n\(script)\n")
      var failure: (any Error)?
      do {
        try await LinuxStore(data, hookLimit: limit)
          .build(try .image("hooked", of: "busybox", hooks: [path], network: network))
      } catch {
        failure = error
      }
      try await check(data, failure)
      #expect(try data.store.folderEntries().allSatisfy { !$0.string.hasPrefix(".tmp-") })
    }
  }

  @Test func hooksRunInTheOrderOfTheRecipe() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      var hooks: [FilePath] = []
      for name in ["0100-a.chroot", "0200-b.chroot"] {
        let path = folder.appending(name)
        try path.write("#!/bin/sh\necho \(name) >>/etc/order\n")
        hooks.append(path)
      }
      try await LinuxStore(data).build(try .image("hooked", of: "busybox", hooks: hooks))
      #expect(try await data.debugfs("hooked", "cat /etc/order") == "0100-a.chroot\n0200-b.chroot\n")
    }
  }

  @Test func aFailingHookIsNamedWithItsLastLines() async throws {
    try await hook("echo first; echo the reason >&2; exit 3") { (data, error) async throws in
      guard let error = error as? HostError, case .program(let failure) = error.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(error.attempted == "build image hooked")
      #expect(failure.lastLines.suffix(3) == ["first", "the reason", "hook 0100-it.chroot exited with 3"])
      let log = try FilePath(try #require(failure.log)).text()
      #expect(log.contains("the reason"))
      let entries = try await LinuxStore(data).entries()
      #expect(entries.isEmpty)
    }
  }

  @Test func aHookSeesNoDeviceOfTheHostAndCannotMakeOne() async throws {
    try await hook(
      """
      ls /dev >/etc/devices
      if mknod /dev/disk b 254 0 || mknod /etc/disk b 254 0; then exit 1; fi
      if mount -t tmpfs none /tmp; then exit 2; fi
      if umount /proc; then exit 3; fi
      if echo 1 >/proc/sys/kernel/panic; then exit 4; fi
      if echo b >/proc/sysrq-trigger; then exit 5; fi
      if hostname evil; then exit 6; fi
      if [ -e /sys/kernel ]; then exit 7; fi
      if chroot /tmp /bin/true; then exit 8; fi
      if ls /proc/1/root/ || ls /proc/1/cwd/; then exit 9; fi
      echo x >/dev/null && cat /dev/fd/0 </dev/null
      """
    ) { (data, error) async throws in
      #expect(error == nil)
      let devices = try await data.debugfs("hooked", "cat /etc/devices").split(separator: "\n").map(String.init)
      #expect(
        devices == [
          "fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom", "zero",
        ])
      let left = try await data.debugfs("hooked", "ls -p /dev")
      #expect(!left.contains("null"))
    }
  }

  @Test func whatAHookLeavesRunningEndsWithIt() async throws {
    let word = "meros-hook-\(UInt64.random(in: 0 ... .max))"
    try await hook("(exec -a \(word) sleep 300) & setsid sh -c 'sleep 301 # \(word)' & exit 0") {
      (_, error) async throws in
      #expect(error == nil)
      let found = try await Program("pgrep", ["-f", word]).result("look")
      #expect(found.termination == .exited(1))
    }
  }

  @Test func aHookThatNeverEndsIsKilledAndNamed() async throws {
    let word = "meros-hook-\(UInt64.random(in: 0 ... .max))"
    try await hook("trap : TERM INT HUP; setsid sh -c 'sleep 3600 # \(word)' & while :; do sleep 1; done", limit: 2) {
      (data, error) async throws in
      guard case .program(let failure) = (error as? HostError)?.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.lastLines.last == "hook 0100-it.chroot was killed, or did not end within 2 seconds")
      let found = try await Program("pgrep", ["-f", word]).result("look")
      #expect(found.termination == .exited(1))
      let mounts = try FilePath("/proc/self/mounts").text()
      #expect(!mounts.contains(data.root.string))
      let entries = try await LinuxStore(data).entries()
      #expect(entries.isEmpty)
    }
  }

  @Test func hundredsOfProcessesThatBecameNobodysEndWithTheHook() async throws {
    let word = "meros-hook-\(UInt64.random(in: 0 ... .max))"
    try await hook(
      "i=0; while [ $i -lt 300 ]; do (setsid sh -c 'sleep 3600; : \(word)' &) ; i=$((i + 1)); done; exit 7"
    ) { (_, error) async throws in
      guard case .program(let failure) = (error as? HostError)?.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.lastLines.last == "hook 0100-it.chroot exited with 7")
      let found = try await Program("pgrep", ["-f", word]).result("look")
      #expect(found.termination == .exited(1))
    }
  }

  @Test(.enabled(if: Builder.canLimitProcesses, "needs Linux 6.14, or it would fill the machine"))
  func aHookThatForksWithoutEndComesToAnEnd() async throws {
    let before = try FilePath("/proc/sys/kernel/pid_max").text()
    try await hook("i=0; while [ $i -lt 6000 ]; do sleep 600 & i=$((i + 1)); done; exit 9") {
      (_, error) async throws in
      guard case .program(let failure) = (error as? HostError)?.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.lastLines.contains { $0.contains("fork") })
      #expect(failure.lastLines.last != "hook 0100-it.chroot exited with 9")
      let after = try FilePath("/proc/sys/kernel/pid_max").text()
      #expect(after == before)
    }
  }

  @Test func killingEverythingHurtsOnlyTheHook() async throws {
    try await hook("kill -9 -1; kill -9 1; exit 0") { (_, error) async throws in
      #expect(error == nil)
    }
  }

  @Test func aHookReachesTheNetworkOnlyWhereItMay() async throws {
    try await hook(
      "ls /sys/class/net 2>/dev/null; ip -o link | wc -l >/etc/links; cat /etc/resolv.conf >/etc/seen || :"
    ) {
      (data, error) async throws in
      #expect(error == nil)
      let links = try await data.debugfs("hooked", "cat /etc/links")
      #expect(links == "1\n")
    }
    try await hook("ip -o link | wc -l >/etc/links; cp /etc/resolv.conf /etc/seen", network: true) {
      (data, error) async throws in
      #expect(error == nil)
      let links = try await data.debugfs("hooked", "cat /etc/links")
      #expect(links != "1\n")
      let seen = try await data.debugfs("hooked", "cat /etc/seen")
      let resolver = try FilePath("/etc/resolv.conf").text()
      #expect(seen == resolver)
      let left = try await data.debugfs("hooked", "ls /etc")
      #expect(!left.contains("resolv.conf"))
    }
  }

  @Test func linksThatAHookLeavesLeadNowhere() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      let outside = folder.appending("outside")
      for name in ["lib/apt/lists/kept", "log/kept", "tmp/kept", "cache/apt/archives/kept", "machine-id", "hook"] {
        try outside.pushing(FilePath(name)).write("kept")
      }
      let first = folder.appending("0100-evil.chroot")
      try first.write(
        """
        #!/bin/sh -e
        rm -rf /var /.meros/busybox
        ln -s \(outside) /var
        mv /.meros /moved; ln -s \(outside) /.meros
        rm -f /etc/machine-id; ln -s \(outside)/machine-id /etc/machine-id

        """)
      let second = folder.appending("0200-after.chroot")
      try second.write("#!/bin/sh -e\n[ ! -e /usr/sbin ] || [ -x /usr/sbin/policy-rc.d ]\n")
      try await LinuxStore(data).build(try .image("evil", of: "busybox", hooks: [first, second]))
      for name in ["lib/apt/lists/kept", "log/kept", "tmp/kept", "cache/apt/archives/kept", "machine-id", "hook"] {
        #expect(try outside.pushing(FilePath(name)).text() == "kept")
      }
      #expect(try outside.folderEntries().count == 6)
    }
  }

  @Test func theEnvironmentOfAHookIsSmall() async throws {
    try await hook("env | sort | cut -d= -f1 | grep -vE '^(PWD|SHLVL|_|OLDPWD)$' >/etc/env; pwd >>/etc/env") {
      (data, error) async throws in
      #expect(error == nil)
      let seen = try await data.debugfs("hooked", "cat /etc/env")
      #expect(
        seen
          == "DEBIAN_FRONTEND\nHOME\nLC_ALL\nPATH\nSOURCE_DATE_EPOCH\n/\n")
    }
  }

  @Test func aHookThatReplacesDevByALinkStopsTheBuild() async throws {
    try await hook("true") { _, error in #expect(error == nil) }
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs { tree in
        try tree.appending("dev").removeTree()
        _ = unsafe tree.appending("dev").withPlatformString { unsafe symlink("/etc", $0) }
      }
      let path = folder.appending("0100-it.chroot")
      try path.write("#!/bin/sh\n")
      let recipe = try Recipe.image("hooked", of: "busybox", hooks: [path])
      await #expect(throws: HostError.self) { try await LinuxStore(data).build(recipe) }
    }
  }
}
