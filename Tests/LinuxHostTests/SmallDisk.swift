import Host
import HostTesting
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Disk images with a system of a busybox, small enough to be made for every test.
enum SmallDisk {
  /// Where the file system of a partitioned image begins, in bytes.
  static let offset = 3 << 20

  /// How the disk is divided.
  enum Table: String, CaseIterable {
    case gpt, dos, none
    /// As `dos`, with the root in a logical partition.
    case logical
  }

  /// Makes a qcow2 image, or a raw one where the path says so, of 64 MiB (xfs and btrfs: 400 MiB). `more` are commands
  /// that run in the tree before it is packed.
  ///
  /// - Parameter volumes: commands that run with the root's partition as a physical volume `$device` of the group `vg`
  ///   (see `LogicalVolumes.script`; an extent is of 1 MiB), after which the file system goes into `vg/root`. nil: it
  ///   goes into the partition.
  static func make(
    _ path: FilePath, table: Table = .gpt, fileSystem: String = "ext4", volumes: String? = nil, _ more: String = ":"
  ) async throws {
    let script =
      LogicalVolumes.script + #"""
        exec >&2
        work=$IMAGE.work
        mkdir "$work"
        mount -t tmpfs work "$work"
        tree=$work/tree
        mkdir -p "$tree/bin" "$tree/etc/ssh" "$tree/sbin" "$tree/root" "$tree/var/lib/dbus" "$work/mounted"
        cp "$(command -v busybox)" "$tree/bin/busybox"
        for name in sh ls cat id stat mkdir ln echo sleep; do ln -s busybox "$tree/bin/$name"; done
        ln -s /bin/busybox "$tree/sbin/init"
        echo base >"$tree/etc/motd"
        echo 0123456789abcdef0123456789abcdef >"$tree/etc/machine-id"
        echo secret >"$tree/etc/ssh/ssh_host_rsa_key"
        ( cd "$tree"; eval "$MORE" )
        size=64
        case "$FILE_SYSTEM" in xfs | btrfs) size=400 ;; esac
        offset=0
        truncate -s "${size}M" "$work/disk"
        case "$TABLE" in
          gpt) printf 'label: gpt\nstart=1MiB, size=2MiB, type=U\ntype=L\n' | sfdisk --quiet "$work/disk"; offset=3 ;;
          dos) printf 'label: dos\nstart=1MiB, size=2MiB, type=c, bootable\ntype=83\n' | sfdisk --quiet "$work/disk"; offset=3 ;;
          logical)
            printf 'label: dos\nstart=1MiB, size=1MiB, type=c, bootable\nstart=2MiB, type=5\nstart=3MiB, type=8e\n' |
              sfdisk --quiet "$work/disk"
            offset=3
            ;;
        esac
        # Room at the end for a copy of the table.
        if [ "$offset" -gt 0 ]; then size=$((size - offset - 1)); fi
        if [ -n "$VOLUMES" ]; then
          show "$work/disk" "$offset" "$size"
          lvm_here vgcreate --physicalextentsize 1m vg "$device"
          eval "$VOLUMES"
          set -- $(lvm_here lvs --noheadings --units m --nosuffix -o seg_start_pe,seg_size_pe,seg_pe_ranges vg/root)
          hide
          from=${3##*:}
          # Extents begin behind the first mebibyte.
          offset=$((offset + 1 + ${from%-*})) size=$2
        fi
        truncate -s "${size}M" "$work/part"
        case "$FILE_SYSTEM" in
          ext4) mke2fs -q -t ext4 -d "$tree" "$work/part" ;;
          xfs | btrfs)
            "mkfs.$FILE_SYSTEM" -q "$work/part"
            mount -o loop "$work/part" "$work/mounted"
            place=$work/mounted
            # As several distributions have it.
            if [ "$FILE_SYSTEM" = btrfs ]; then place=$place/@; btrfs subvolume create "$place"; fi
            cp -a "$tree/." "$place"
            umount "$work/mounted"
            ;;
          *) printf %b "$FILE_SYSTEM" | dd of="$work/part" conv=notrunc status=none ;;
        esac
        dd if="$work/part" of="$work/disk" bs=1M seek="$offset" conv=notrunc,sparse status=none
        case "$IMAGE" in
          *.raw) cp --sparse=always "$work/disk" "$IMAGE" ;;
          *) qemu-img convert -f raw -O qcow2 "$work/disk" "$IMAGE" ;;
        esac
        """#
    let program = Program(
      "unshare", ["--mount", "--propagation", "private", "sh", "-eu", "-c", script],
      environment: [
        "IMAGE": path.string, "TABLE": table.rawValue, "FILE_SYSTEM": fileSystem, "MORE": more,
        "VOLUMES": volumes ?? "",
      ])
    try await program.run("make \(path)")
  }
}

extension Recipe {
  /// An image made of the one at the path, with the digests that everything has now.
  static func patch(
    _ name: String, _ base: FilePath, includes: [FilePath] = [], hooks: [FilePath] = [], size: UInt64? = nil
  ) throws -> Recipe? {
    var inputs = [baseInput: try FileDigest.of(base)]
    for folder in includes {
      for (path, digest) in try TreeDigest(of: folder).entries { inputs[input(file: path)] = digest }
    }
    for hook in hooks { inputs[input(hook: hook.lastComponent?.string ?? "")] = try FileDigest.of(hook) }
    let source = PatchSource(
      base: base.string, arch: machineArchitecture, includes: includes.map(\.string), hooks: hooks.map(\.string),
      hooksReachNetwork: false,
      size: size.map { ByteCount(bytes: $0) })
    return test(name, .patch(source), inputs: inputs)
  }
}

extension DataDirectory {
  /// What `debugfs` says of the ext4 file system in the image of an entry, `offset` bytes from its beginning.
  func debugfs(_ image: String, at offset: Int, _ command: String) async throws -> String {
    let raw = root.appending("\(image).raw")
    if !raw.exists {
      let file = entry(.image, image).appending("image.qcow2")
      try await Program("qemu-img", ["convert", "-O", "raw", file.string, raw.string]).run("read image")
    }
    let program = Program("debugfs", ["-R", command, "\(raw)?offset=\(offset)"], capturesOutput: true)
    return String(decoding: try await program.run("read image").output, as: UTF8.self)
  }
}
