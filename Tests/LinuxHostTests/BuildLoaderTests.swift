import Glibc
import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Images that EFI or BIOS boots.
@Suite(
  .enabled(
    if: geteuid() == 0 && Firmware.allCases.allSatisfy { BootLoader($0, arch: "x86_64")?.missing == [] },
    "needs root, mtools, dosfstools, systemd-boot-efi and syslinux"))
struct BuildLoaderTests {
  private func recipe(
    _ name: String, by firmware: Firmware = .efi, commandLine: String = "one 'two' %s",
    room: ImageSource.Room = .free(ByteCount(bytes: 8 << 20)),
    includes: [FilePath] = []
  ) throws -> Recipe? {
    guard var recipe = try Recipe.image(name, of: "busybox", includes: includes, arch: "x86_64", room: room),
      case .image(var source) = recipe.source
    else { return nil }
    source.loaded = ImageSource.Loaded(by: firmware, kernel: "linux", commandLine: commandLine)
    recipe.source = .image(source)
    return recipe
  }

  /// Begins like a kernel that both can start (Documentation/x86/boot.rst in Linux).
  private static let kernel = "MZ" + String(repeating: "\0", count: 512) + "HdrS kernel"

  /// A data directory with a root file system, and a kernel that only begins like one.
  private func withData(
    kernel: String = kernel, _ body: (FilePath, DataDirectory) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      try await data.addBusyboxRootfs()
      let entry = data.entry(.kernel, "linux")
      try entry.appending("kernel").write(kernel)
      try entry.appending("initrd").write("initrd")
      let modules = folder.appending("modules")
      try modules.pushing("6.1.0-test/kernel/a.ko").write("a module")
      let script = "truncate -s 4M $1/modules.img && mke2fs -q -t ext4 -d $2 $1/modules.img"
      try await Program("sh", ["-ec", script, "sh", entry.string, modules.string]).run("pack modules")
      try await body(folder, data)
    }
  }

  /// What a shell says that finds the disk as `$disk` and its partitions as `$esp` and `$root`, files of their own.
  private func ask(_ image: String, _ data: DataDirectory, _ script: String) async throws -> String {
    let raw = data.root.appending("\(image).raw")
    let begin = #"""
      set -eu
      disk=$1.disk esp=$1.esp root=$1.root
      [ -e "$disk" ] || qemu-img convert -O raw "$2" "$disk"
      cut() { partx --show --noheadings --output START,SECTORS --nr "$1" "$disk" | (
        read -r start count; dd if="$disk" of="$2" bs=512 skip="$start" count="$count" conv=sparse status=none ); }
      cut 1 "$esp"; cut 2 "$root"

      """#
    let program = Program(
      "sh", ["-c", begin + script, "sh", raw.string, data.entry(.image, image).appending("image.qcow2").string],
      capturesOutput: true)
    return String(decoding: try await program.run("look into the image").output, as: UTF8.self)
  }

  @Test(arguments: Firmware.allCases) func twoBuildsInTwoPlacesAreBitIdentical(firmware: Firmware) async throws {
    var digests: [String] = []
    for _ in 0..<2 {
      try await withData { _, data in
        try await LinuxStore(data).build(try recipe("same", by: firmware))
        digests.append(try #require(try await LinuxStore(data).entries().first { $0.kind == .image }).digest)
      }
      // The clock of FAT goes in steps of two seconds.
      try await Task.sleep(for: .seconds(2))
    }
    #expect(digests.count == 2 && digests[0] == digests[1])
  }

  @Test func theImageHoldsLoaderKernelCommandLineAndModules() async throws {
    try await withData { folder, data in
      try folder.pushing("includes/lib/modules/6.1.0-test/own").write("over them")
      try await LinuxStore(data).build(try recipe("efi", includes: [folder.appending("includes")]))
      let entry = try await ask("efi", data, "mtype -i $esp ::/loader/entries/meros.conf")
      let options = GuestInit.commandLine(arch: "x86_64")
      #expect(entry == "title Linux\nlinux /linux\ninitrd /initrd\noptions \(options) one 'two' %s\n")
      #expect(try await ask("efi", data, "mtype -i $esp ::/linux; mtype -i $esp ::/initrd") == Self.kernel + "initrd")
      let loader = try #require(BootLoader(.efi, arch: "x86_64")?.installed)
      let comparison = "mtype -i $esp ::/EFI/BOOT/BOOTX64.EFI | cmp - \(loader) && echo same"
      #expect(try await ask("efi", data, comparison) == "same\n")
      let kinds = try await ask("efi", data, "partx --show --noheadings --output NR,NAME,TYPE $disk")
      #expect(
        kinds.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } == [
          "1 esp c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "2 root 0fc63daf-8483-4772-8e79-3d69d8477de4",
        ])
      let reading = "for f in kernel/a.ko own; do debugfs -R \"cat /lib/modules/6.1.0-test/$f\" $root; done"
      #expect(try await ask("efi", data, reading) == "a moduleover them")
      // Checked by their own programs, and the table by its own.
      _ = try await ask("efi", data, "fsck.vfat -n $esp >&2; e2fsck -fn $root >&2; sfdisk --verify --quiet $disk >&2")
    }
  }

  @Test func theImageForBIOSHoldsSyslinux() async throws {
    try await withData { _, data in
      try await LinuxStore(data).build(try recipe("bios", by: .bios))
      let options = GuestInit.commandLine(arch: "x86_64")
      #expect(
        try await ask("bios", data, "mtype -i $esp ::/syslinux.cfg")
          == "DEFAULT linux\nPROMPT 0\nLABEL linux\nLINUX /linux\nINITRD /initrd\nAPPEND \(options) one 'two' %s\n")
      let reading = "mtype -i $esp ::/linux; mtype -i $esp ::/initrd"
      #expect(try await ask("bios", data, reading) == Self.kernel + "initrd")
      let code = try #require(BootLoader(.bios, arch: "x86_64")?.installed)
      #expect(try await ask("bios", data, "cmp -n 440 $disk \(code) && echo same") == "same\n")
      let table = "sfdisk --json $disk | tr -d ' \\n' | grep -o '\"bootable\":true' && mdir -b -a -i $esp ::/"
      let seen = try await ask("bios", data, table)
      #expect(seen.contains("bootable") && seen.contains("ldlinux.sys") && seen.contains("ldlinux.c32"), "\(seen)")
      let kinds = try await ask("bios", data, "partx --show --noheadings --output NR,TYPE $disk")
      #expect(
        kinds.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } == ["1 0xc", "2 0x83"])
      _ = try await ask("bios", data, "e2fsck -fn $root >&2; sfdisk --verify --quiet $disk >&2")
    }
  }

  @Test(arguments: [(Firmware.efi, "EFI system partition"), (.bios, "boot partition")])
  func aSizeIsThatOfTheWholeDisk(firmware: Firmware, name: String) async throws {
    try await withData { _, data in
      try await LinuxStore(data).build(try recipe("total", by: firmware, room: .total(ByteCount(bytes: 256 << 20))))
      #expect(try await ask("total", data, "stat -c %s $disk") == "\(256 << 20)\n")
      let error = await #expect(throws: HostError.self) {
        try await LinuxStore(data).build(try recipe("small", by: firmware, room: .total(ByteCount(bytes: 32 << 20))))
      }
      #expect("\(String(describing: error))".contains("leaves no room beside the \(name)"))
    }
  }

  @Test(arguments: [(Firmware.efi, "CONFIG_EFI_STUB"), (.bios, "no bzImage")])
  func aKernelThatTheLoaderCannotStartIsRefused(firmware: Firmware, words: String) async throws {
    try await withData(kernel: "\u{7f}ELF") { _, data in
      let error = await #expect(throws: HostError.self) {
        try await LinuxStore(data).build(try recipe("elf", by: firmware))
      }
      #expect("\(String(describing: error))".contains(words))
    }
  }
}
