import Glibc
import Host
import HostTesting
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Who a guest is, written into its disk while it does not run.
@Suite(.serialized, .enabled(if: MachineSample.isAvailable, "needs root, /dev/net/tun, ip and qemu-system-x86_64"))
struct InstalledIdentityTests {
  /// A machine whose disk is an overlay of a patched image with a tree that `more` was run in.
  private func with(
    _ more: String, volumes: String? = nil,
    body: (MachineSample, FilePath, () async throws -> Void) async throws -> Void
  ) async throws {
    try await MachineSample.with { sample in
      let base = sample.data.root.appending("base.raw")
      try await SmallDisk.make(
        base, table: .gpt, volumes: volumes, "echo 'root:x:0:0:root:/root:/bin/sh' >etc/passwd; \(more)")
      try await LinuxStore(sample.data).build(try .patch("patched", base))
      let disk = sample.data.disk("web", of: "lab")
      try disk.unlink()
      try await LinuxDisks(sample.data).ensure(
        DiskDesign(
          scope: sample.scope, name: "web", content: .overlay(image: "patched"), size: nil, isProtected: false))
      try await body(sample, disk) { try await write(Self.design(of: sample), sample) }
    }
  }

  private static func design(of sample: MachineSample) -> MachineDesign {
    var design = sample.design
    design.boot = .image
    design.disks.append(.init(name: "web/stock", serial: "stock", mountPoint: "/srv/stock", fileSystem: "ext4"))
    return design
  }

  private func write(_ design: MachineDesign, _ sample: MachineSample) async throws {
    let folder = sample.machines.runFolder("web", of: sample.scope)
    try folder.prepare()
    try await sample.machines.writeIdentity(of: design, in: folder, "start vm web")
  }

  private func read(_ disk: FilePath, at offset: Int = SmallDisk.offset, _ command: String) async throws -> String {
    let raw = FilePath("\(disk).raw")
    try await Program("qemu-img", ["convert", "-O", "raw", disk.string, raw.string]).run("read disk")
    let program = Program("debugfs", ["-R", command, "\(raw)?offset=\(offset)"], capturesOutput: true)
    let output = try await program.run("read disk").output
    try raw.unlink()
    return String(decoding: output, as: UTF8.self)
  }

  @Test(arguments: [
    ("mkdir -p usr/bin; : >usr/bin/cloud-init", "/var/lib/cloud/seed/nocloud/network-config", "\"10.0.10.21/24\""),
    ("mkdir -p usr/sbin etc/netplan; : >usr/sbin/netplan", "/etc/netplan/99-meros.yaml", "\"10.0.10.21/24\""),
    (
      """
      mkdir -p etc/systemd/system/multi-user.target.wants
      ln -s /lib/systemd/system/x etc/systemd/system/multi-user.target.wants/systemd-networkd.service
      """, "/etc/systemd/network/05-meros-0.network", "Address=10.0.10.21/24"
    ),
    (
      """
      : >sbin/ifup; mkdir -p etc/systemd/system/multi-user.target.wants
      ln -s /lib/systemd/system/x etc/systemd/system/multi-user.target.wants/NetworkManager.service
      """, "/etc/NetworkManager/system-connections/meros-0.nmconnection", "address1=10.0.10.21/24"
    ),
    (": >sbin/openrc", "/etc/network/interfaces", "iface eth0 inet static"),
    (": >sbin/ifup", "/etc/network/interfaces", "iface meros0 inet static"),
  ])
  func theGuestIsToldInItsOwnWords(more: String, file: String, words: String) async throws {
    try await with(more) { (sample, disk, write) async throws in
      try await write()
      #expect(try await read(disk, "cat \(file)").contains(words))
      #expect(try await read(disk, "cat /etc/hostname") == "web\n")
    }
  }

  @Test(.enabled(if: Program("lvm").isInstalled, "needs lvm2"))
  func aGuestWhoseRootIsALogicalVolumeIsToldToo() async throws {
    try await with(": >sbin/ifup", volumes: "create swap 4; create root 40") { (sample, disk, write) async throws in
      try await write()
      try await write()
      let place = BuildVolumeTests.offset(behind: 4)
      #expect(try await read(disk, at: place, "cat /etc/hostname") == "web\n")
      #expect(try await read(disk, at: place, "cat /etc/network/interfaces").contains("iface meros0 inet static"))
      var design = sample.design
      design.boot = .kernel(entry: "k", commandLine: "")
      let error = await #expect(throws: HostError.self) { try await sample.machines.start(design) }
      guard case .malformed("the disk image of vm web", let fault) = error?.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(fault.hasPrefix("its root is the logical volume vg/root"))
    }
  }

  /// NetworkManager reads no file that others may read.
  @Test func connectionsOfNetworkManagerAreClosed() async throws {
    try await with("mkdir -p etc/runlevels/default; : >etc/runlevels/default/networkmanager; : >sbin/openrc") {
      (sample, disk, write) async throws in
      try await write()
      let file = try await read(disk, "stat /etc/NetworkManager/system-connections/meros-0.nmconnection")
      #expect(file.contains("Mode:  0600"))
      #expect(try await read(disk, "ls /etc").contains(" network ") == false)
    }
  }

  @Test func namesKeysAndMountsAreWrittenAgainAndAgain() async throws {
    try await with(": >sbin/ifup; echo '10.9.9.9 mine' >etc/hosts; echo '/dev/x / ext4' >etc/fstab") {
      (sample, disk, write) async throws in
      let image = sample.data.entry(.image, "patched").appending("image.qcow2")
      let before = try FileDigest.of(image)
      try await write()
      let first = try await read(disk, "cat /etc/hosts")
      try await write()
      #expect(try await read(disk, "cat /etc/hosts") == first)
      #expect(first.hasPrefix("10.9.9.9 mine\n# meros begin") && first.contains("127.0.1.1 web\n"))
      let stock = "/dev/disk/by-id/virtio-stock /srv/stock ext4 nofail,x-systemd.growfs 0 2\n"
      #expect(try await read(disk, "cat /etc/fstab").contains(stock))
      #expect(try await read(disk, "stat /srv/stock").contains("Type: directory"))
      #expect(try await read(disk, "cat /etc/ssh/ssh_host_ed25519_key") == "PRIVATE host\n")
      #expect(try await read(disk, "stat /etc/ssh/ssh_host_ed25519_key").contains("Mode:  0600"))
      #expect(try await read(disk, "cat /root/.ssh/authorized_keys").contains("ssh-ed25519 client\n"))
      #expect(try await read(disk, "cat /home/ann/.ssh/authorized_keys").contains("ssh-ed25519 one, two\n"))
      #expect(try await read(disk, "cat /etc/passwd").contains("\nann:x:1000:1000::/home/ann:/bin/sh\n"))
      #expect(try await read(disk, "ls /").contains(".meros") == false)
      #expect(try FileDigest.of(image) == before)
      #expect(!sample.data.run("web", of: "lab").appending("identity").exists)
    }
  }

  @Test func linksOfTheGuestLeadNowhereAndItsProgramsAreNotRun() async throws {
    let outside = FilePath("/tmp/meros-test-outside-\(getpid())-\(UInt32.random(in: 0 ... .max))")
    try outside.makeFolders()
    try outside.appending("hosts").write("kept")
    try await with(
      """
      : >sbin/ifup
      rm -rf etc/ssh root/.ssh; ln -s \(outside) etc/ssh; ln -s \(outside)/hosts etc/hosts; ln -s \(outside) etc/network
      ln -s \(outside) root/.ssh; ln -s \(outside) .meros; ln -s \(outside) home; ln -s \(outside) srv
      for name in useradd adduser; do printf '#!/bin/sh\\n: >/ran\\n' >sbin/$name; chmod 755 sbin/$name; done
      """
    ) { (sample, disk, write) async throws in
      // Whether it can be done or not.
      _ = try? await write()
      #expect(try outside.folderEntries().map(\.string) == ["hosts"])
      #expect(try outside.appending("hosts").text() == "kept")
      #expect(try await read(disk, "ls /").contains(" ran ") == false)
    }
    try outside.removeTree()
  }

  @Test func aGuestWithoutAKnownWayToANetworkIsAnError() async throws {
    try await with(":") { (_, disk, write) async throws in
      let error = await #expect(throws: HostError.self) { try await write() }
      guard case .program(let failure) = error?.cause else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(failure.lastLines.contains { $0.hasPrefix("nothing in the image sets up networks") })
      #expect(try await read(disk, "ls /").contains(".meros") == false)
    }
  }

  @Test func aGuestThatKeepsUsOutStartsAsWhoItWas() async throws {
    try await with(": >sbin/ifup") { (sample, disk, rewrite) async throws in
      try await rewrite()
      let ruin = Program("qemu-io", ["-f", "qcow2", "-c", "write -z 3M 1M", disk.string])
      try await ruin.run("damage the root file system")
      try await rewrite()
      var design = Self.design(of: sample)
      design.identity.hosts = [.init(address: try #require(IPAddress("10.0.10.22")), names: ["db"])]
      try await write(design, sample)
      design.networks[0].addresses = [try #require(InterfaceAddress("10.0.10.22/24"))]
      await #expect(throws: HostError.self) { try await write(design, sample) }

      // A new disk knows nothing yet.
      let disks = LinuxDisks(sample.data)
      try await disks.remove("web", of: sample.scope)
      #expect(!sample.data.writtenIdentity("web", of: "lab").exists)
      try await disks.ensure(
        DiskDesign(
          scope: sample.scope, name: "web", content: .overlay(image: "patched"), size: nil, isProtected: false))
      try await ruin.run("damage the root file system")
      await #expect(throws: HostError.self) { try await rewrite() }
    }
  }

  @Test func whatASnapshotHoldsIsNotTakenForWhatWasWrittenSince() async throws {
    try await with(": >sbin/ifup") { (sample, disk, rewrite) async throws in
      try await rewrite()
      let snapshots = LinuxSnapshots(sample.machines, LinuxDisks(sample.data))
      let tag = SnapshotTag(
        constellation: "lab", name: try #require(SnapshotName("then")), group: "0123456789abcdef", machineCount: 1,
        power: .off, shape: try await snapshots.shape(of: "web", in: sample.scope))
      try await snapshots.save(tag, "web", of: sample.scope)
      var design = Self.design(of: sample)
      design.identity.hostname = "other"
      try await write(design, sample)
      try await snapshots.restore(tag, "web", of: sample.scope)
      #expect(try await read(disk, "cat /etc/hostname") == "web\n")
      // It is not who it was told to be last, and cannot be told any more.
      try await Program("qemu-io", ["-f", "qcow2", "-c", "write -z 3M 1M", disk.string]).run("damage")
      await #expect(throws: HostError.self) { try await write(design, sample) }
    }
  }

  @Test func theFirmwareIsWhatTheImageWasMadeFor() async throws {
    try await with(": >sbin/ifup") { (sample, disk, _) async throws in
      var design = sample.design
      #expect(try sample.machines.firmware(of: design) == .bios)
      design.boot = .image
      #expect(try sample.machines.firmware(of: design) == .efi)
      design.boot = .kernel(entry: "k", commandLine: "")
      #expect(try sample.machines.firmware(of: design) == nil)
    }
  }

  @Test func efiKeepsItsVariablesBesideTheDiskAndTheyGoWithIt() async throws {
    try await with(": >sbin/ifup") { (sample, disk, _) async throws in
      var design = sample.design
      design.boot = .image
      try await sample.machines.start(design)
      let variables = sample.data.firmwareVariables("web", of: "lab")
      #expect(try variables.stat().permissions == [.ownerReadWrite])
      let machine = try #require(try await sample.observed())
      #expect(machine.runState == "running" && machine.attributes["boot"] == "as its image does")
      try await sample.machines.stop("web", of: sample.scope, grace: .zero)
      #expect(variables.exists)
      try await LinuxDisks(sample.data).remove("web", of: sample.scope)
      #expect(!variables.exists)
    }
  }
}
