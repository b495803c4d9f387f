import Host
import LinuxHost
import Resources
import SystemPackage

/// Somebody's disk image with a file and a hook's work in it, beside libguestfs.
struct PatchCase: BenchCase {
  let name = "patch"
  let purpose = "a disk image with one more file and a hook against a copy and virt-customize"

  func measure(_ settings: Settings) async throws -> [Finding] {
    if let lack = Self.lack { return [.unmeasured(name, .lacking(lack))] }
    return try await Stage.with { stage in
      let base = try await DebianBase.make(on: stage)
      let disk = stage.folder.appending("disk.qcow2")
      let output = stage.folder.appending("output")
      try Shell(Self.diskScript, [stage.folder.string, base.archive.string, disk.string], output: output).run()
      let hook = stage.folder.appending("0100-mark.chroot")
      try hook.replaceContents(Array("#!/bin/sh\necho done >/etc/mark\n".utf8))
      let image = Image(
        patching: disk.string, digest: try FileDigest.of(disk), arch: DebianBase.source.arch,
        layers: [try base.layer()], hooks: [Image.Hook(path: hook.string, digest: try FileDigest.of(hook))],
        hooksReachNetwork: false, size: nil)
      let machines = LinuxMachines(data: base.data, namespace: stage.namespace)
      let backend = await machines.accelerator(arch: DebianBase.source.arch).0 == .tcg ? "force_tcg" : ""
      let copy = stage.folder.appending("copy.qcow2")
      let peer = Shell(
        Self.peerScript,
        [disk.string, copy.string, base.includes.pushing("etc/motd").string, backend, stage.folder.string],
        output: output)
      let pairs = try await Pairs(settings.rounds ?? 3) {
        try await elapsed { try await base.store.build(image.recipe, rebuild: true, progress: .silent) }
      } theirs: {
        try copy.unlink()
        return try await elapsed { try peer.run() }
      }
      return [pairs.finding("an image", against: "cp and virt-customize", .faster(10))]
    }
  }

  /// What the peer lacks, and how it is had.
  private static var lack: String? {
    if !Programs.missing(["virt-customize"]).isEmpty {
      return "virt-customize is not installed: ./dist-conf.sh bench"
    }
    // Without a folder there is no kernel either.
    let kernels = (try? FilePath("/boot").folderEntries())?.filter { $0.string.hasPrefix("vmlinuz") } ?? []
    return kernels.isEmpty ? "libguestfs finds no kernel in /boot: ./dist-conf.sh bench" : nil
  }

  /// STAGE ARCHIVE RESULT: a disk with a partition table and the root file system in its second partition.
  private static let diskScript = #"""
    mkdir -p "$1/work"
    mount -t tmpfs -o mode=0755 disk "$1/work"
    mkdir "$1/work/root"
    tar -x -p --numeric-owner -f "$2" -C "$1/work/root"
    truncate -s 1G "$1/work/raw"
    printf 'label: gpt\nstart=1MiB, size=2MiB, type=U\ntype=L\n' |
      sfdisk --quiet --no-reread --no-tell-kernel "$1/work/raw"
    mke2fs -q -t ext4 -E offset=$((3 << 20)),lazy_itable_init=1 -d "$1/work/root" "$1/work/raw" 1020M
    qemu-img convert -f raw -O qcow2 "$1/work/raw" "$3"
    """#

  /// DISK COPY FILE SETTINGS CACHE: libguestfs would take a KVM that does not hold. Its own machine is made once.
  private static let peerScript = #"""
    cp "$1" "$2"
    LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS="$4" LIBGUESTFS_CACHEDIR="$5" \
      virt-customize --quiet -a "$2" --copy-in "$3:/etc" --run-command 'echo done >/etc/mark'
    """#
}
