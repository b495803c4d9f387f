import Glibc
import Host
import HostTesting
import LinuxHost
import SystemPackage
import Testing

/// Disk images of others, worked on and booted by their own loaders, by the program itself.
@Suite(
  .serialized,
  .enabled(
    if: Ground.isAvailable && Program("lvm").isInstalled, "needs root, network namespaces, QEMU and lvm2"))
struct ImageBootTests {
  private static let manifest = """
    bridges:
      lan: {subnet: 10.45.1.1/24}
    defaults: {memory: 384M, disk_size: 640M}
    virtual_machines:
      efi:
        use: ../images/gpt.qcow2
        user: {name: ann, keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEVFRUVFRUVFRUVFRUVFRUVFRUVFRUVFRUVFRUVFRUVF]}
        networks: [{bridge: lan, ip_addr: 10.45.1.11}]
        disks: [{label: stock, size: 64M, fs_type: ext4, mount_point: /srv/stock}]
      bios:
        use: ../images/mbr.raw
        networks: [{bridge: lan, ip_addr: 10.45.1.12}]
      volumes:
        use: ../images/volumes.qcow2
        networks: [{bridge: lan, ip_addr: 10.45.1.13}]

    """

  @Test(.timeLimit(.minutes(45)))
  func imagesAreBuiltAndBootByThemselvesAndStayAsTheyWere() async throws {
    try await Ground.with { ground in
      let images = try await BootableImages.make(ground)
      let files = [images.efi, images.bios, images.volumes]
      let before = try files.map { try FileDigest.of($0) }
      let meros = try MerosProgram(ground)
      try await cutOffInTheMiddle(meros)

      try ground.write(Self.manifest, to: "lab/constellation.yml")
      try ground.write("ours\n", to: "lab/common/includes.chroot/etc/motd")
      try ground.write("#!/bin/sh\ncat /etc/motd >/etc/hooked\n", to: "lab/efi/hooks/0100-a.chroot")
      let built = try await meros.run(["build", "lab", "--auto-approve"])
      #expect(built.code == 0, "\(built.output)\n\(built.diagnostics)")
      let disk = ground.folder.appending("data").pushing("disks/lab/efi.qcow2")
      #expect(built.output.contains("\n  \(disk)\n") && disk.exists)
      #expect(try ground.processes().isEmpty)

      let applied = try await meros.run(["apply", "lab", "--auto-approve"])
      #expect(applied.code == 0, "\(applied.output)\n\(applied.diagnostics)")
      let guests = Guests(applied.output)
      for machine in ["efi", "bios", "volumes"] {
        #expect(
          try await guests.outcomes(
            machine,
            [
              "test $(hostname) = \(machine)", "grep ours /etc/motd",
              "test $(df -m --output=size / | tail -n 1) -gt 520",
              "ip route | grep \"default via 10.45.1.1\"", "getent hosts efi", "test -s /etc/machine-id",
            ]) == [true, true, true, true, true, true], "\(machine)")
      }
      #expect(
        try await guests.outcomes(
          "efi", ["test -d /sys/firmware/efi", "grep ours /etc/hooked", "findmnt -t ext4 /srv/stock", "id ann"])
          == [true, true, true, true])
      #expect(try await guests.outcomes("bios", ["test -d /sys/firmware/efi"]) == [false])
      #expect(
        try await guests.outcomes("volumes", ["grep -x vg-root /sys/dev/block/$(mountpoint -d /)/dm/name"]) == [true])
      #expect(try files.map { try FileDigest.of($0) } == before)

      try await refuseToBuildBeneathAMachine(meros)
      let plan = try await meros.run(["plan", "lab", "--detailed-exitcode"])
      #expect(plan.code == 0, "\(plan.output)")
      let ending = try await meros.run(["destroy", "lab", "--auto-approve", "--delete-disk", "disk.efi/stock"])
      #expect(ending.code == 0, "\(ending.output)\n\(ending.diagnostics)")
      #expect(!disk.removingLastComponent().exists)
    }
  }

  /// The program is killed while a hook runs: no mount, no export and no loop device stays, and no image.
  private func cutOffInTheMiddle(_ meros: MerosProgram) async throws {
    let ground = meros.ground
    try ground.write("virtual_machines: {slow: {use: ../images/gpt.qcow2}}\n", to: "cut/constellation.yml")
    try ground.write("#!/bin/sh\necho it begins\nsleep 3600\n", to: "cut/slow/hooks/0100-a.chroot")
    let pid = try meros.start(["build", "cut", "--auto-approve"])
    let logs = ground.folder.pushing("data/logs")
    while try !logs.folderEntries().contains(where: { name in
      let words = String(decoding: try logs.appending(name).contents(), as: UTF8.self)
      return name.string.hasPrefix("image-") && words.contains("it begins")
    }) {
      try await Task.sleep(for: .milliseconds(50))
    }
    kill(pid, SIGKILL)
    let search = Program("pgrep", ["-f", "qemu-storage-daemon.*\(ground.folder)"])
    while try await search.result("look").termination == .exited(0) { try await Task.sleep(for: .milliseconds(50)) }
    let loops = Program("losetup", ["--list", "--noheadings"], capturesOutput: true)
    while String(decoding: try await loops.run("look").output, as: UTF8.self).contains(ground.folder.string) {
      try await Task.sleep(for: .milliseconds(50))
    }
    let mounts = String(decoding: try FilePath("/proc/self/mounts").contents(), as: UTF8.self)
    #expect(!mounts.contains(ground.folder.string))
    #expect(try ground.folder.pushing("data/store/image").folderEntries().isEmpty)
  }

  private func refuseToBuildBeneathAMachine(_ meros: MerosProgram) async throws {
    try meros.ground.write("others\n", to: "lab/efi/includes.chroot/etc/issue")
    let refused = try await meros.run(["build", "lab", "efi", "--auto-approve", "--max-disruption", "rebuild"])
    #expect(refused.code == 1 && refused.diagnostics.contains("while vm.efi runs on it"), "\(refused.diagnostics)")
    try meros.ground.folder.pushing("lab/efi/includes.chroot").removeTree()
  }
}
