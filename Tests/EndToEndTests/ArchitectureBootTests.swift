import HostTesting
import LinuxHost
import SystemPackage
import Testing

/// A machine of another architecture from its manifest to its shell and away, by the program itself: Debian for aarch64,
/// built and booted under emulation.
@Suite(
  .serialized,
  .enabled(if: Ground.isAvailable && Ground.emulatesOthers, "needs root, qemu-system-aarch64 and qemu-aarch64-static"))
struct ArchitectureBootTests {
  private static func manifest(_ more: String = "") -> String {
    """
    bridges: {lan: {subnet: 10.45.1.1/24, policy_type: isolated}}
    virtual_machines:
      arm:
        arch: arm64
        cpus: 2
        networks: [{bridge: lan, ip_addr: 10.45.1.11}]
        ready: {ssh: true, timeout: 15m}
    \(more)

    """
  }

  @Test(.timeLimit(.minutes(45)))
  func itIsBuiltReachedChangedAndShutDown() async throws {
    try await Ground.with { ground in
      let meros = try MerosProgram(ground)
      try ground.write(Self.manifest(), to: "lab/constellation.yml")
      try ground.write("#!/bin/sh -e\nuname -m >/etc/built\nuseradd -m tester\n", to: "lab/arm/hooks/0100-look.chroot")
      let handlers = try FilePath("/proc/sys/fs/binfmt_misc").folderEntries()
      let ending = try await meros.run(["apply", "lab", "--auto-approve"])
      #expect(ending.code == 0, "\(ending.output)\n\(ending.diagnostics)")
      #expect(ending.output.contains("VMs of aarch64 run on TCG"))
      // What ran the programs of packages and hooks is known to nobody else.
      #expect(try FilePath("/proc/sys/fs/binfmt_misc").folderEntries() == handlers)

      let guests = Guests(ending.output)
      let words = try await guests.run(
        "arm", "uname -m; cat /etc/built; dpkg --print-architecture; id -un tester; nproc")
      #expect(words == "aarch64\naarch64\narm64\ntester\n2")
      try await expectNothingToDo(meros)
      try await changeWhileItRuns(meros, guests)

      let down = try await meros.run(["shutdown", "lab", "--auto-approve"])
      #expect(down.code == 0, "\(down.output)\n\(down.diagnostics)")
      // It went down by itself, and was not cut off.
      let log = String(
        decoding: try ground.folder.pushing("data/run/lab/arm/serial.log").contents(), as: UTF8.self)
      #expect(log.contains("reboot: Power down"), "\(log.suffix(2000))")
      #expect(
        try await meros.run(["destroy", "lab", "--auto-approve", "--delete-disk", "disk.arm/more"]).code == 0)
    }
  }

  private func expectNothingToDo(_ meros: MerosProgram) async throws {
    let plan = try await meros.run(["plan", "lab", "--detailed-exitcode"])
    #expect(plan.code == 0, "\(plan.output)\n\(plan.diagnostics)")
  }

  /// A disk comes to the running machine; memory would not.
  private func changeWhileItRuns(_ meros: MerosProgram, _ guests: Guests) async throws {
    try meros.ground.write(Self.manifest("    memory: 640M"), to: "lab/constellation.yml")
    let plan = try await meros.run(["plan", "lab"])
    #expect(plan.output.contains("vm.arm") && plan.output.contains("restart"), "\(plan.output)")

    let boots = try await guests.boots(["arm"])
    let disk = "    disks: [{label: more, size: 64M, fs_type: ext4, mount_point: /srv/more}]"
    try meros.ground.write(Self.manifest(disk), to: "lab/constellation.yml")
    let ending = try await meros.run(["apply", "lab", "--auto-approve"])
    #expect(ending.code == 0, "\(ending.output)\n\(ending.diagnostics)")
    #expect(try await guests.outcomes("arm", ["findmnt -t ext4 /srv/more"]) == [true])
    #expect(try await guests.boots(["arm"]) == boots)
    try await expectNothingToDo(meros)
  }
}
