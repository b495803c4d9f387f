import Host
import HostTesting
import LinuxHost
import Resources
import SystemPackage
import Testing

/// Disk images with Debian on them that boot by loaders of their own, as a person could have found them: `gpt.qcow2`
/// (EFI, systemd-boot; systemd-networkd sets up networks), `mbr.raw` (BIOS, syslinux; ifupdown does) and `volumes.qcow2`
/// (EFI, systemd-boot, with the root in LVM; ifupdown does).
struct BootableImages {
  let folder: FilePath

  var efi: FilePath { folder.appending("gpt.qcow2") }
  var volumes: FilePath { folder.appending("volumes.qcow2") }
  var bios: FilePath { folder.appending("mbr.raw") }

  /// Makes them in the folder `images` of the ground, of packages that come the way in which meros gets them.
  static func make(_ ground: Ground) async throws -> BootableImages {
    let images = BootableImages(folder: ground.folder.appending("images"))
    try images.folder.makeFolders()
    let data = try DataDirectory.open(ground.folder.appending("data"), create: true)
    let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")
    let origins = LinuxOrigins(data)
    let base = try await origins.locked(.base, source)
    let added = try await origins.locked(.added(["ifupdown"], onto: base), source)
    let layers = Rootfs.layers(
      from: source, packages: ["ifupdown"], locked: Rootfs.LockedLayers(base: base, added: added))
    let kernel = Kernel(from: source, locked: try await origins.locked(.kernel, source))
    let store = LinuxStore(data)
    async let other: Void = store.build(kernel.recipe, rebuild: false, progress: .silent)
    for layer in layers { try await store.build(layer.recipe, rebuild: false, progress: .silent) }
    _ = try await other
    let rootfs = try #require(layers.last)
    let program = Program(
      "unshare", ["--mount", "--propagation", "private", "sh", "-eu", "-c", LogicalVolumes.script + script],
      environment: [
        "ROOTFS": data.entry(.rootfs, rootfs.name).appending("rootfs.tar").string,
        "KERNEL": data.entry(.kernel, kernel.name).string, "OUT": images.folder.string,
      ])
    try await program.run("make bootable images")
    return images
  }

  /// The kernel's own initramfs has a way to the root file system and nothing of meros. To one in LVM it has the lvm of
  /// this host.
  private static let script = #"""
    exec >&2
    work=$OUT/work
    mkdir "$work"
    mount -t tmpfs -o mode=0755 work "$work"
    mkdir "$work/initrd" "$work/root"
    ( cd "$work/initrd"; cpio -id --quiet <"$KERNEL/initrd" )
    cat >"$work/initrd/init" <<'END'
    #!/bin/busybox sh
    export PATH=/bin
    busybox mount -t proc proc /proc
    mount -t sysfs sysfs /sys
    mount -t devtmpfs devtmpfs /dev
    while read -r module; do insmod "$module"; done </etc/meros-modules
    if [ -e /bin/lvm ]; then
      insmod /lib/dm-mod.ko
      while [ ! -e /dev/mapper/vg-root ]; do
        lvm vgchange --quiet --activate y --config 'activation { udev_sync=0 udev_rules=0 monitoring=0 }'
        sleep 0.05
      done
    fi
    root=
    while [ -z "$root" ]; do root=$(findfs LABEL=system 2>/dev/null); sleep 0.05; done
    mount "$root" /root
    umount /proc
    exec switch_root /root /sbin/init
    END
    chmod 755 "$work/initrd/init"
    pack() { ( cd "$work/initrd"; find . | cpio -o -H newc --quiet >"$work/initrd.img" ); }
    pack
    tar -x -p --numeric-owner -f "$ROOTFS" -C "$work/root"

    # with_lvm: the initramfs has it from now on
    with_lvm() {
      debugfs -R "dump /$(ls "$work/initrd/lib/modules")/kernel/drivers/md/dm-mod.ko $work/initrd/lib/dm-mod.ko" \
        "$KERNEL/modules.img"
      for file in $(ldd "$(command -v lvm)" | grep -o '/[^ ]*'); do
        mkdir -p "$work/initrd/${file%/*}"
        cp -L "$file" "$work/initrd$file"
      done
      cp -L "$(command -v lvm)" "$work/initrd/bin/lvm"
      pack
    }
    # begin TABLE TYPE: a disk and the beginning of its first partition, for what is loaded
    begin() {
      rm -f "$work/disk" "$work/boot"
      truncate -s 480M "$work/disk"
      printf 'label: %s\nsize=40MiB, type=%s%s\ntype=L\n' "$1" "$2" "${3:-}" | sfdisk --quiet "$work/disk"
      truncate -s 40M "$work/boot"
      mkfs.vfat "$work/boot"
      mcopy -i "$work/boot" "$KERNEL/kernel" ::/linux
      mcopy -i "$work/boot" "$work/initrd.img" ::/initrd
    }
    begin_efi() {
      begin gpt U
      mmd -i "$work/boot" ::/EFI ::/EFI/BOOT ::/loader ::/loader/entries
      mcopy -i "$work/boot" /usr/lib/systemd/boot/efi/systemd-bootx64.efi ::/EFI/BOOT/BOOTX64.EFI
      echo timeout 0 | mcopy -i "$work/boot" - ::/loader/loader.conf
      printf 'title Linux\nlinux /linux\ninitrd /initrd\noptions console=ttyS0 quiet\n' |
        mcopy -i "$work/boot" - ::/loader/entries/linux.conf
    }
    # finish MIB: both partitions in their places, and the root file system at this one
    finish() {
      dd if="$work/boot" of="$work/disk" bs=1M seek=1 conv=notrunc,sparse status=none
      mke2fs -q -t ext4 -L system -E offset=$(($1 << 20)),lazy_itable_init=1 -d "$work/root" "$work/disk" 430M
    }

    begin_efi
    wants=$work/root/etc/systemd/system/multi-user.target.wants
    mkdir -p "$wants"
    ln -s /lib/systemd/system/systemd-networkd.service "$wants/systemd-networkd.service"
    finish 41
    qemu-img convert -f raw -O qcow2 "$work/disk" "$OUT/gpt.qcow2"

    rm "$wants/systemd-networkd.service"
    begin dos c ', bootable'
    printf 'DEFAULT linux\nLABEL linux\nLINUX /linux\nINITRD /initrd\nAPPEND console=ttyS0 quiet\n' |
      mcopy -i "$work/boot" - ::/syslinux.cfg
    finish 41
    for code in /usr/lib/syslinux/mbr/mbr.bin /usr/share/syslinux/mbr.bin; do
      if [ -e "$code" ]; then dd if="$code" of="$work/disk" conv=notrunc status=none; break; fi
    done
    syslinux --install --offset $((1 << 20)) "$work/disk"
    cp --sparse=always "$work/disk" "$OUT/mbr.raw"

    with_lvm
    begin_efi
    show "$work/disk" 41 438
    lvm_here vgcreate --physicalextentsize 1m vg "$device"
    create swap 4
    create root 430
    hide
    # Extents begin behind the first mebibyte.
    finish $((41 + 1 + 4))
    qemu-img convert -f raw -O qcow2 "$work/disk" "$OUT/volumes.qcow2"
    """#
}

extension LinuxOrigins {
  fileprivate func locked(_ wish: PackageWish, _ source: PackageSource) async throws -> [LockedPackage] {
    let answer = try await packages(for: [wish], from: source).first
    guard case .packages(let packages)? = answer else { throw NoSuchPackages(answer: answer) }
    return packages
  }

  private struct NoSuchPackages: Error {
    let answer: PackageAnswer?
  }
}
