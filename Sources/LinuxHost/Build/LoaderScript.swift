import Host
import SystemPackage

extension Builder {
  /// What `loaderScript` reads besides. Throws where no loader is installed.
  func loaderVariables(_ loaded: ImageSource.Loaded, arch: String) throws(HostError) -> [String: String] {
    let entry = data.entry(.kernel, loaded.kernel)
    guard entry.appending(StoreKind.kernel.mainFile).exists else {
      throw HostError(attempted, .missing("store entry kernel.\(loaded.kernel)"))
    }
    let loader = BootLoader(loaded.firmware, arch: arch)
    guard let file = loader?.installed else {
      let package = loader.map { " (package \($0.package))" } ?? ""
      throw HostError(attempted, .unsupported("a loader for \(loaded.firmware.rawValue) is not installed\(package)"))
    }
    let words = [GuestInit.commandLine(arch: arch), loaded.commandLine].filter { !$0.isEmpty }
    return ["KERNEL": entry.string, "LOADER": file.string, "COMMAND_LINE": words.joined(separator: " ")]
  }

  /// A partition that holds loader, kernel, our initramfs and the command line, and the root file system in one behind it,
  /// with the kernel's modules; for EFI in a GPT, for BIOS in a table of DOS. Identifiers follow from `UUID`, so that the
  /// same comes out each time.
  static func loaderScript(_ firmware: Firmware) -> String {
    let (folder, finish, table) =
      switch firmware {
      case .efi: (efiFolder, "", efiTable)
      case .bios: (biosFolder, biosFinish, biosTable)
      }
    let parts = folder + bootScript + finish + sizeScript + divideScript + table
    return unpackScript + modulesIntoTree + furnishScript + parts + rootScript + writeScript
  }

  private static let modulesIntoTree = #"""
    if [ -e "$KERNEL/modules.img" ]; then
      phase copying modules
      mkdir "$WORK/modules"
      debugfs -R "rdump / $WORK/modules" "$KERNEL/modules.img" 2>/dev/null
      rmdir "$WORK/modules/lost+found"
      within mkdir -p /lib/modules
      tar -c --sort=name --numeric-owner -C "$WORK/modules" . | within tar -x -p -f - -C /lib/modules
      rm -r "$WORK/modules"
      [ -n "$(within ls /lib/modules)" ] || fail "the modules of the kernel cannot be read"
    fi

    """#

  /// Makes the folder `boot` of what EFI finds, and says what its partition is called, for people (`partition`) and in the
  /// file system (`label`).
  private static let efiFolder = #"""
    phase making the EFI system partition
    partition="EFI system partition" label=ESP
    [ "$(head -c 2 "$KERNEL/kernel")" = MZ ] || fail "the kernel is none that EFI starts: it lacks CONFIG_EFI_STUB"
    boot="$WORK/boot"
    mkdir -p "$boot/EFI/BOOT" "$boot/loader/entries"
    cp "$LOADER" "$boot/EFI/BOOT/BOOTX64.EFI"
    printf 'timeout 0\neditor no\n' >"$boot/loader/loader.conf"
    printf 'title Linux\nlinux /linux\ninitrd /initrd\noptions %s\n' "$COMMAND_LINE" >"$boot/loader/entries/meros.conf"

    """#

  /// Likewise, of what syslinux reads.
  private static let biosFolder = #"""
    phase making the boot partition
    partition="boot partition" label=BOOT
    # Documentation/x86/boot.rst in Linux: the magic of a kernel with a protocol for loaders.
    [ "$(dd if="$KERNEL/kernel" bs=1 skip=514 count=4 status=none)" = HdrS ] ||
      fail "the kernel is none that BIOS starts: it is no bzImage"
    boot="$WORK/boot"
    mkdir "$boot"
    printf 'DEFAULT linux\nPROMPT 0\nLABEL linux\nLINUX /linux\nINITRD /initrd\nAPPEND %s\n' "$COMMAND_LINE" \
      >"$boot/syslinux.cfg"

    """#

  /// Makes the file system `$WORK/esp`, of `esp` MiB, of the folder, and takes it off `TOTAL`.
  private static let bootScript = #"""
    cp "$KERNEL/kernel" "$boot/linux"
    cp "$KERNEL/initrd" "$boot/initrd"
    find "$boot" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
    # In MiB; FAT32 begins at 33.
    esp=$(($(du -sk --apparent-size "$boot" | cut -f 1) / 1024 + 40))
    truncate -s "${esp}M" "$WORK/esp"
    mkfs.vfat -F 32 --invariant -i "$(printf %.8s "$UUID")" -n "$label" "$WORK/esp" >"$WORK/said" ||
      { cat "$WORK/said" >&2; fail "the $partition could not be made"; }
    # One by one: the order of a folder's entries is its disk's.
    ( cd "$boot"; find . -mindepth 1 | LC_ALL=C sort >"$WORK/names" )
    export TZ=UTC
    while read -r name; do
      if [ -d "$boot/$name" ]; then mmd -i "$WORK/esp" "::${name#.}"
      else mcopy -m -i "$WORK/esp" "$boot/$name" "::${name#.}"; fi
    done <"$WORK/names"
    if [ "$TOTAL" -gt 0 ]; then
      TOTAL=$((TOTAL - ((esp + 2) << 20)))
      [ "$TOTAL" -gt 0 ] || fail "disk_size leaves no room beside the $partition of $esp MiB"
    fi

    """#

  /// What syslinux writes is of the time that mtools, by which it does it, takes from SOURCE_DATE_EPOCH.
  private static let biosFinish = #"""
    TMPDIR="$WORK" syslinux --install "$WORK/esp"

    """#

  /// A mebibyte in front and one behind are the table's.
  private static let divideScript = #"""
    start=$((esp + 1))
    truncate -s "$((start + size / 1024 + 1))M" "$WORK/image.raw"
    # Where it tells the kernel, it syncs all file systems of the machine.
    divide() { sfdisk --quiet --no-reread --no-tell-kernel "$WORK/image.raw"; }

    """#

  private static let efiTable = #"""
    divide <<END
    label: gpt
    label-id: $UUID
    start=1MiB, size=${esp}MiB, type=uefi, name=esp, uuid=${UUID%?}1
    start=${start}MiB, size=$((size / 1024))MiB, type=linux, name=root, uuid=${UUID%?}2
    END

    """#

  private static let biosTable = #"""
    divide <<END
    label: dos
    label-id: 0x$(printf %.8s "$UUID")
    start=1MiB, size=${esp}MiB, type=c, bootable
    start=${start}MiB, size=$((size / 1024))MiB, type=83
    END
    # It begins the partition that is bootable; the table lies behind it.
    dd if="$LOADER" of="$WORK/image.raw" bs=440 count=1 conv=notrunc status=none

    """#

  private static let rootScript = #"""
    dd if="$WORK/esp" of="$WORK/image.raw" bs=1M seek=1 conv=notrunc,sparse status=none
    mke2fs -q -t ext4 -m 1 -U "$UUID" -L root \
      -E "hash_seed=$UUID,root_owner=0:0,lazy_itable_init=1,offset=$((start << 20))" \
      -d "$root" "$WORK/image.raw" "${size}K" || fail "the tree does not fit into a file system of $((size / 1024)) MiB"
    steady "$WORK/image.raw?offset=$((start << 20))"

    """#
}
