import HostTesting
import LinuxHost
import SystemPackage
import Testing

/// Machines that are built and boot by loaders, from their manifest to their shells, by the program itself.
@Suite(
  .serialized,
  .enabled(if: Ground.isAvailable && Ground.hasLoaders, "needs root, QEMU, OVMF, systemd-boot-efi and syslinux"))
struct LoaderBootTests {
  private static func manifest(_ more: String = "") -> String {
    """
    bridges: {lan: {subnet: 10.45.1.1/24, policy_type: isolated}}
    virtual_machines:
      web:
        boot: efi
        memory: 640M
        cmdline: meros.test=1
        networks: [{bridge: lan, ip_addr: 10.45.1.11}]
        ready: {ssh: true, timeout: 10m}
    \(more)
      old:
        boot: bios
        memory: 384M
        cmdline: meros.test=bios
        networks: [{bridge: lan, ip_addr: 10.45.1.12}]
        ready: {ssh: true, timeout: 10m}

    """
  }

  @Test(.timeLimit(.minutes(45)))
  func itBootsByItsOwnLoaderAndIsBuiltAnewWithItsKernel() async throws {
    try await Ground.with { ground in
      let meros = try MerosProgram(ground)
      try ground.write(Self.manifest(), to: "lab/constellation.yml")
      try ground.write("made for the test\n", to: "lab/web/includes.chroot/etc/motd")
      let ending = try await meros.run(["apply", "lab", "--auto-approve"])
      #expect(ending.code == 0, "\(ending.output)\n\(ending.diagnostics)")
      let guests = Guests(ending.output)
      #expect(
        try await guests.outcomes(
          "web",
          [
            "test -d /sys/firmware/efi", "grep -w meros.test=1 /proc/cmdline", "test $(hostname) = web",
            "grep made /etc/motd", "modprobe dummy", "findmnt -n -o SOURCE / | grep /dev/vda2",
          ]) == [true, true, true, true, true, true])
      #expect(
        try await guests.outcomes(
          "old",
          [
            "test -d /sys/firmware/efi", "grep -w meros.test=bios /proc/cmdline", "test $(hostname) = old",
            "modprobe dummy", "findmnt -n -o SOURCE / | grep /dev/vda2",
          ]) == [false, true, true, true, true])

      let second = try await meros.run(["apply", "lab", "--auto-approve"])
      #expect(second.code == 0 && second.output.contains("No changes"), "\(second.output)\n\(second.diagnostics)")
      for more in ["    packages: [hello]", "    user: {name: ann, keys: []}"] {
        try ground.write(Self.manifest(more), to: "lab/constellation.yml")
        let plan = try await meros.run(["plan", "lab"])
        #expect(!plan.output.contains("disk.old"), "\(plan.output)")
        #expect(plan.output.contains("disk.web") == more.contains("packages"), "\(plan.output)")
      }
      try ground.write(Self.manifest().replacing("test=1", with: "test=2"), to: "lab/constellation.yml")
      let refused = try await meros.run(["apply", "lab", "--auto-approve"])
      #expect(refused.code == 1 && refused.diagnostics.contains("rebuild"), "\(refused.output)\n\(refused.diagnostics)")
      #expect(try await meros.run(["destroy", "lab", "--auto-approve"]).code == 0)
    }
  }
}
