import Glibc
import Host
import HostTesting
import Netlink
import SystemPackage
import Testing

@testable import LinuxHost

/// Real QEMUs, each in a network namespace of its own.
@Suite(.serialized, .enabled(if: MachineSample.isAvailable, "needs root, /dev/net/tun, ip and qemu-system-x86_64"))
struct MachineKernelTests {
  @Test func aMachineIsStartedFoundAwaitedAndPoweredDown() async throws {
    try await MachineSample.with(ObedientGuest.sector) { sample in
      #expect(try await sample.observed() == nil)
      try await sample.machines.start(sample.design)
      let observed = try #require(try await sample.observed())
      #expect(observed.name == "web" && observed.isManageable && observed.runState == "running")
      #expect(observed.attributes == sample.design.attributes)
      #expect(observed.room?.cpus == 4 && observed.room?.ports == 4 && observed.room?.memorySlots == 4)

      try await sample.machines.awaitReady(sample.design, progress: .silent)
      let start = ContinuousClock.now
      try await sample.machines.stop("web", of: sample.scope, grace: .seconds(3600))
      #expect(.now - start < .seconds(1800), "the guest powered down by itself")
      #expect(try await sample.observed() == nil)
    }
  }

  @Test func aMachineThatRunsIsLeftAlone() async throws {
    try await MachineSample.with { sample in
      try await sample.machines.start(sample.design)
      let first = try #require(try await sample.observed())
      try await sample.machines.start(sample.design)
      #expect(try await sample.observed() == first)
    }
  }

  @Test func aMachineStandsStillAndGoesOn() async throws {
    try await MachineSample.with { sample in
      await #expect(throws: HostError("pause vm web", .missing("vm web"))) {
        try await sample.machines.pause("web", of: sample.scope)
      }
      try await sample.machines.start(sample.design)
      let pid = try #require(try await sample.observed()).pid
      for _ in 1...2 {
        try await sample.machines.pause("web", of: sample.scope)
        #expect(try await sample.observed()?.runState == "paused")
      }
      for _ in 1...2 {
        try await sample.machines.resume("web", of: sample.scope)
        #expect(try await sample.observed()?.runState == "running")
      }
      #expect(try await sample.observed()?.pid == pid)
    }
  }

  @Test func qemuRunsAsAUserOfTheConstellationWithoutPrivilegesInItsNamespace() async throws {
    try await MachineSample.with { sample in
      try await sample.machines.start(sample.design)
      let pid = try #require(try await sample.observed()).pid
      let status = try FilePath("/proc/\(pid)/status").text().split(separator: "\n").map(String.init)
      let uid = "\(sample.scope.uid)"
      #expect(status.contains("Uid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)"))
      #expect(status.contains("Gid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)"))
      #expect(status.contains("NoNewPrivs:\t1"))
      #expect(status.contains("Seccomp:\t2"))
      #expect(status.contains("CapEff:\t0000000000000000"))
      let home = try NetworkNamespace.named(sample.namespace.name).identity()
      #expect(try NetworkNamespace.identity(of: pid) == home)
      #expect(getsid(pid) == pid)
      let line = try FilePath("/proc/\(pid)/cmdline").text()
      #expect(!line.contains("PRIVATE"))
    }
  }

  @Test func aGuestThatDoesNotListenIsEndedAfterTheGrace() async throws {
    try await MachineSample.with { sample in
      try await sample.machines.start(sample.design)
      let start = ContinuousClock.now
      try await sample.machines.stop("web", of: sample.scope, grace: .milliseconds(300))
      #expect(.now - start >= .milliseconds(300))
      #expect(try await sample.observed() == nil)
    }
  }

  @Test func logsStayUntilTheyAreRemoved() async throws {
    try await MachineSample.with(ObedientGuest.sector) { sample in
      let folder = sample.data.run("web", of: "lab")
      try await sample.machines.start(sample.design)
      #expect(try await sample.machines.traces(of: sample.scope).isEmpty)
      try await sample.machines.removeTraces("web", of: sample.scope)
      #expect(folder.appending("qmp.sock").exists, "a machine that runs keeps its folder")
      try await sample.machines.awaitReady(sample.design, progress: .silent)
      try await sample.machines.stop("web", of: sample.scope, grace: .zero)

      #expect(try await sample.machines.traces(of: sample.scope) == ["web"])
      #expect(try folder.appending("serial.log").text().contains("MEROS-TEST READY"))
      try await sample.machines.start(sample.design)
      #expect(try folder.appending("serial.log.1").text().contains("MEROS-TEST READY"))
      try await sample.machines.stop("web", of: sample.scope, grace: .zero)
      try await sample.machines.removeTraces("web", of: sample.scope)
      #expect(try await sample.machines.traces(of: sample.scope).isEmpty)
      #expect(!folder.removingLastComponent().exists)
    }
  }

  @Test func aMachineOfAnotherNamespaceIsNeitherTakenNorDisturbed() async throws {
    try await MachineSample.with { sample in
      try await sample.machines.start(sample.design)
      let pid = try #require(try await sample.observed()).pid
      try await TestNamespace.with { other in
        let machines = LinuxMachines(data: sample.data, namespace: try NetworkNamespace.named(other.name))
        #expect(try await machines.machines(of: sample.scope).isEmpty)
        #expect(try await machines.traces(of: sample.scope).isEmpty)
        let obstacle = HostError.Cause.notOurs("vm web in another network namespace, pid \(pid)")
        await #expect(throws: HostError("start vm web", obstacle)) { try await machines.start(sample.design) }
        try await machines.stop("web", of: sample.scope, grace: .zero)
        try await machines.removeTraces("web", of: sample.scope)
      }
      #expect(try #require(try await sample.observed()).isManageable)
    }
  }

  @Test func aMachineWhoseSocketsAreLostIsUnmanageableButCanBeStopped() async throws {
    try await MachineSample.with { sample in
      try await sample.machines.start(sample.design)
      let folder = sample.data.run("web", of: "lab")
      for name in ["qmp.sock", "observe.sock"] { try folder.appending(name).unlink() }
      let observed = try #require(try await sample.observed())
      #expect(!observed.isManageable && observed.runState == nil)
      #expect(observed.attributes == sample.design.attributes)
      try await sample.machines.stop("web", of: sample.scope, grace: .seconds(5))
      #expect(try await sample.observed() == nil)
    }
  }

  @Test func aMachineThatWasKilledIsGoneAlthoughNobodyReapedIt() async throws {
    try await MachineSample.with { sample in
      try await sample.machines.start(sample.design)
      let pid = try #require(try await sample.observed()).pid
      kill(pid, SIGKILL)
      while try FilePath("/proc/\(pid)/stat").text().split(separator: " ")[2] != "Z" {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(try await sample.observed() == nil)
      try await sample.machines.start(sample.design)
      #expect(try await sample.observed()?.isManageable == true)
      _ = waitpid(pid, nil, 0)
    }
  }

  @Test func aGuestThatEndsWhileItIsAwaitedIsReportedWithItsConsole() async throws {
    try await MachineSample.with(ObedientGuest.sector) { sample in
      try await sample.machines.start(sample.design)
      try await sample.machines.awaitReady(sample.design, progress: .silent)
      let pid = try #require(try await sample.observed()).pid
      var other = sample.design
      other.readiness = .console("never", timeout: .seconds(60))
      async let waiting: Void = sample.machines.awaitReady(other, progress: .silent)
      kill(pid, SIGKILL)
      do {
        try await waiting
        Issue.record("it was not ready")
      } catch {
        let error = try #require(error as? HostError)
        guard case .guest(let failure) = error.cause else { throw error }
        #expect(failure.reason == .ended)
        #expect(failure.lastLines.last == "MEROS-TEST READY")
      }
      _ = waitpid(pid, nil, 0)
    }
  }

  @Test func aGuestThatIsNotReadyInTimeIsReported() async throws {
    try await MachineSample.with { sample in
      var design = sample.design
      design.readiness = .ssh(timeout: .milliseconds(200))
      try await sample.machines.start(design)
      do {
        try await sample.machines.awaitReady(design, progress: .silent)
        Issue.record("nobody answers")
      } catch let error as HostError {
        guard case .guest(let failure) = error.cause else { throw error }
        #expect(failure.reason == .notReady(after: .milliseconds(200), said: []))
      }
    }
  }

  @Test func whatIsMissingIsNamedAndNothingIsStarted() async throws {
    try await MachineSample.with { sample in
      try sample.namespace.ip("link", "delete", "web0")
      await #expect(throws: HostError("attach tap web0", .missing("tap web0"))) {
        try await sample.machines.start(sample.design)
      }
      let key = sample.data.key(.host(vm: "web"), of: "lab")
      try key.unlink()
      await #expect(throws: HostError("read \(key)", .missing("\(key)"))) {
        try await sample.machines.start(sample.design)
      }
      let disk = sample.data.disk("web", of: "lab")
      try disk.unlink()
      await #expect(throws: HostError("read disk \(disk)", .missing("\(disk)"))) {
        try await sample.machines.start(sample.design)
      }
      #expect(try await sample.observed() == nil)
    }
  }

  @Test func whatQEMUSaysWhenItRefusesIsReported() async throws {
    try await MachineSample.with { sample in
      var design = sample.design
      design.extraArguments = ["-device", "nonsense"]
      do {
        try await sample.machines.start(design)
        Issue.record("there is no such device")
      } catch let error as HostError {
        guard case .program(let failure) = error.cause else { throw error }
        #expect(failure.termination == .exited(1))
        #expect(failure.lastLines.contains { $0.contains("nonsense") })
      }
      #expect(try await sample.observed() == nil)
    }
  }

  @Test func aDiskThatStandsOnAFileOutsideTheStoreIsRefused() async throws {
    try await MachineSample.with { sample in
      let disk = sample.data.disk("web", of: "lab")
      let secret = sample.data.root.appending("secret.qcow2")
      try disk.rename(to: secret)
      try await Program(
        "qemu-img", ["create", "-q", "-f", "qcow2", "-b", "../../secret.qcow2", "-F", "qcow2", disk.string]
      ).run("make disk")
      let cause = HostError.Cause.malformed("\(disk)", "stands on ../../secret.qcow2")
      await #expect(throws: HostError("open disk \(disk)", cause)) { try await sample.machines.start(sample.design) }
    }
  }

  @Test func aDisplayIsASocketThatRootAloneMayOpen() async throws {
    try await MachineSample.with { sample in
      var design = sample.design
      design.display = .vnc
      try await sample.machines.start(design)
      let folder = sample.data.run("web", of: "lab").appending("vnc")
      for place in [folder, sample.data.display("web", of: "lab")] {
        let status = try place.stat(followTargetSymlink: false)
        #expect(status.userID.rawValue == geteuid())
        #expect(status.permissions.isDisjoint(with: [.groupReadWriteExecute, .otherReadWriteExecute]))
      }
      let greeting = #"""
        import socket, sys
        s = socket.socket(socket.AF_UNIX); s.settimeout(30); s.connect(sys.argv[1]); print(s.recv(12).decode(), end="")
        """#
      let viewer = Program(
        "python3", ["-c", greeting, sample.data.display("web", of: "lab").string], capturesOutput: true)
      #expect(String(decoding: try await viewer.run("read a greeting").output, as: UTF8.self) == "RFB 003.008\n")
      #expect(try await sample.observed()?.attributes["display"] == "vnc")
      try await sample.machines.stop("web", of: sample.scope, grace: .zero)
      #expect(!folder.exists)
    }
  }

  @Test func aMachineWithoutNetworksIsReadyOnceItRuns() async throws {
    try await MachineSample.with { sample in
      var design = sample.design
      design.networks = []
      design.readiness = .ssh(timeout: .seconds(60))
      try await sample.machines.start(design)
      try await sample.machines.awaitReady(design, progress: .silent)
      #expect(try await sample.observed()?.runState == "running")
    }
  }

  @Test func manyMachinesAreObservedSideBySide() async throws {
    try await MachineSample.with { sample in
      var names: [String] = []
      for number in 1...5 {
        var design = sample.design
        design.name = "web\(number)"
        design.uuid = "6f0c1a52-0000-8000-8000-00000000000\(number)"
        design.networks = []
        design.disks = []
        for half in ["", ".pub"] {
          try FilePath("\(sample.data.key(.host(vm: design.name), of: "lab"))\(half)").write("key")
        }
        try await sample.machines.start(design)
        names.append(design.name)
      }
      let observed = try await sample.machines.machines(of: sample.scope)
      #expect(observed.map(\.name) == names && observed.allSatisfy { $0.runState == "running" })
      for name in names { try await sample.machines.stop(name, of: sample.scope, grace: .zero) }
      #expect(try await sample.machines.machines(of: sample.scope).isEmpty)
    }
  }
}
