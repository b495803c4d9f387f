import Host
import SystemPackage

extension Builder {
  /// Makes `kernel`, `initrd` and, for a distribution's kernel, `modules.img`; `initScript` becomes the initramfs's
  /// `/init`.
  func kernel(
    _ source: KernelSource, _ recipe: Recipe, anew: Bool, initScript: String
  ) async throws(HostError) {
    let script = folder.appending("init")
    try script.replaceContents(Array(initScript.utf8), permissions: [.ownerReadWriteExecute])
    switch source {
    case .file(let path, let arch):
      var variables = try busyboxVariables(arch)
      variables["KERNEL"] = path
      variables["ARCH"] = arch
      try await run(Self.initramfs + Self.busyboxScript + Self.fileScript, variables)
    case .git(let source): try await gitKernel(source, recipe, anew: anew)
    case .distribution(let source, let locked):
      try placeKeys(source)
      if source.distribution == "alpine" {
        try await alpineKernel(source, locked, fingerprint: recipe.fingerprint)
      } else {
        try await debianKernel(source, locked, fingerprint: recipe.fingerprint)
      }
      try folder.appending("keys").removeTree()
    }
    try script.unlink()
  }

  private func debianKernel(
    _ source: PackageSource, _ locked: [LockedPackage]?, fingerprint: Fingerprint
  ) async throws(HostError) {
    let architecture = try source.debianArchitecture(attempted)
    var variables = try await gather(locked, from: source)
    variables["PACKAGES"] = Self.kernelPackages(source, architecture).joined(separator: ",")
    variables["UUID"] = fingerprint.uuid
    try await run(
      Self.initramfs + Self.debianKernelScript, variables, arguments: source.options(architecture))
    try folder.appending(Self.lockedFile).unlink()
  }

  static let debianKernelScript = mirrorScript + universeScript + lockedScript + distributionScript + modulesScript

  /// The smallest packaged kernel that knows virtio, and what is put into its initramfs.
  static func kernelPackages(_ source: PackageSource, _ architecture: String) -> [String] {
    let kernel =
      if source.distribution == "ubuntu" {
        "linux-image-virtual"
      } else {
        architecture == "riscv64" ? "linux-image-riscv64" : "linux-image-cloud-\(architecture)"
      }
    return ["busybox-static", kernel]
  }

  /// Functions: `initramfs BUSYBOX` begins the tree `$WORK/initramfs`, `pack` writes it. It is not compressed: a kernel
  /// need not know how, and under emulation reading is cheaper than unpacking. `place_kernel FILE` makes `$OUT/kernel` of
  /// a kernel, also of one that only EFI could unpack: not every QEMU can (its loader.c, `unpack_efi_zboot_image`, tells
  /// the form).
  static let initramfs = #"""
    tree="$WORK/initramfs"
    initramfs() {
      mkdir -p "$tree/bin" "$tree/dev" "$tree/etc" "$tree/lib/modules" "$tree/proc" "$tree/run" "$tree/sys" "$tree/tmp"
      ln -s bin "$tree/sbin"
      cp "$1" "$tree/bin/busybox"
      chmod 755 "$tree/bin/busybox"
      # Another architecture's busybox cannot say what it can do; then the host's own is asked.
      "$1" --list >"$WORK/applets" 2>/dev/null || busybox --list >"$WORK/applets"
      while read -r applet; do
        [ "$applet" = busybox ] || ln -s busybox "$tree/bin/$applet"
      done <"$WORK/applets"
      : >"$tree/etc/meros-modules"
      install -m 755 "$OUT/init" "$tree/init"
    }
    text() { dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | tr -d '\000'; }
    place_kernel() {
      case "$(text "$1" 4 4)" in
        zimg)
          set -- "$1" $(od -A n -t u4 -j 8 -N 8 "$1") "$(text "$1" 24 6)"
          tail -c "+$(($2 + 1))" "$1" | head -c "$3" >"$WORK/compressed"
          case "$4" in
            gzip*) gzip -dc "$WORK/compressed" >"$OUT/kernel" ;;
            zstd*) zstd -qdc "$WORK/compressed" >"$OUT/kernel" ;;
            *) fail "the kernel is compressed by $4, which is not known here" ;;
          esac ;;
        *)
          case "$(od -A n -t x1 -N 2 "$1")" in
            *1f*8b*) gzip -dc "$1" >"$OUT/kernel" ;;
            *) cp "$1" "$OUT/kernel" ;;
          esac ;;
      esac
    }
    pack() {
      find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
      ( cd "$tree"; find . -mindepth 1 | LC_ALL=C sort >"$WORK/names"
        cpio --quiet --reproducible -R 0:0 -H newc -o <"$WORK/names" >"$OUT/initrd" )
    }

    """#

  static let fileScript = programScript + placing

  private static let placing = #"""
    # kernel_architecture FILE: by the magic numbers of Documentation/arch/*/boot* of the kernel, those of bzImage and of
    # the two that are called Image; nothing for what is no kernel.
    kernel_architecture() {
      case "$(text "$1" 514 4) $(text "$1" 56 4)" in
        "HdrS "*) echo x86_64 ;;
        *" ARMd") echo aarch64 ;;
        *" RSC$(printf '\005')") echo riscv64 ;;
        *) program_architecture <"$1" ;;
      esac
    }
    phase copying the kernel
    place_kernel "$KERNEL"
    own=$(kernel_architecture "$OUT/kernel")
    case "$own" in
      "$ARCH") ;;
      "") fail "there is no kernel in $KERNEL" ;;
      *) fail "the kernel in $KERNEL is for $own, and the machine is one of $ARCH" ;;
    esac
    phase making the initramfs
    choose_busybox
    initramfs "$busybox"
    pack
    """#

  /// `choose_busybox` sets `busybox`: the host's, or for another architecture Debian's of `DEBIAN_ARCH`.
  static let busyboxScript = #"""
    choose_busybox() {
      if [ -z "$DEBIAN_ARCH" ]; then
        find_busybox
        return
      fi
      TMPDIR="$WORK" mmdebstrap --variant=extract --format=directory --mode=root --architectures="$DEBIAN_ARCH" \
        --include=busybox-static --skip=cleanup/tmp "$RELEASE" "$WORK/packages"
      busybox="$WORK/packages/bin/busybox"
      [ -e "$busybox" ] || busybox="$WORK/packages/usr/bin/busybox"
    }

    """#

  /// What `busyboxScript` reads.
  func busyboxVariables(_ arch: String) throws(HostError) -> [String: String] {
    guard arch != machineArchitecture else { return ["DEBIAN_ARCH": ""] }
    // The oldest release that has the architecture.
    let release = arch == "riscv64" ? "trixie" : "bookworm"
    let debian = PackageSource(distribution: "debian", release: release, arch: arch)
    return ["DEBIAN_ARCH": try debian.debianArchitecture(attempted), "RELEASE": release]
  }

  private static let distributionScript = #"""
    # Ubuntu packs qemu_fw_cfg apart from the modules that its kernel for virtual machines comes with.
    cat >"$WORK/extract" <<'END'
    set -eu
    cd "$WORK"
    for modules in "$1"/lib/modules/* "$1"/usr/lib/modules/*; do
      [ -d "$modules" ] || continue
      dpkg-deb -x "$1/var/cache/apt/archives/linux-modules-extra-${modules##*/}"_*.deb "$1"
      break
    done
    END
    if [ "$DISTRIBUTION" = ubuntu ]; then set -- "$@" --extract-hook="sh '$WORK/extract' \"\$1\""; fi
    mmdebstrap_from "$@" --variant=extract --format=directory --include="$PACKAGES" \
      --skip=update,download/empty,essential/unlink,cleanup/tmp \
      "$RELEASE" "$WORK/packages"

    """#

  /// From the tree `$WORK/packages` with one kernel and a busybox.
  static let modulesScript = #"""
    phase reading modules
    root="$WORK/packages"
    # Where /lib became a link, the tree is under /usr.
    modules="$root/lib/modules"
    [ -d "$modules" ] || modules="$root/usr/lib/modules"
    version=$(ls "$modules" | sort -V | tail -n 1)
    [ -n "$version" ] || fail "the kernel's package holds no modules"
    mkdir -p "$WORK/modules/lib/modules"
    cp -a "$modules/$version" "$WORK/modules/lib/modules/$version"
    rm -f "$WORK/modules/lib/modules/$version/build" "$WORK/modules/lib/modules/$version/source"
    modules="$WORK/modules"
    depmod -b "$modules" "$version"
    # Debian names a kernel by its version, Alpine by its flavour, the end of the version.
    for name in "vmlinuz-$version" "vmlinux-$version" "Image-$version" "vmlinuz-${version##*-}"; do
      if [ -e "$root/boot/$name" ]; then place_kernel "$root/boot/$name"; break; fi
    done
    [ -e "$OUT/kernel" ] || fail "the package holds no kernel image for $version"

    phase making the initramfs
    for busybox in "$root/bin/busybox.static" "$root/bin/busybox" "$root/usr/bin/busybox"; do
      [ ! -e "$busybox" ] || break
    done
    initramfs "$busybox"
    # Modules that are always loaded, in the order that their dependencies ask for; then file systems of data disks,
    # which are there to be loaded on demand.
    : >"$WORK/wanted"
    for name in virtio_pci virtio_mmio virtio_blk virtio_net virtio_console virtio_rng qemu_fw_cfg ext4; do
      modprobe --show-depends -d "$modules" -S "$version" "$name" >>"$WORK/wanted"
    done
    for name in xfs btrfs; do
      modprobe --show-depends -d "$modules" -S "$version" "$name" >>"$WORK/optional" 2>/dev/null || :
    done
    # "insmod PATH OPTIONS": blanks may be in the path.
    files_of() { sed -n 's/^insmod \(.*\.ko[.a-z0-9]*\).*/\1/p' "$@" | awk '!seen[$0]++'; }
    files_of "$WORK/wanted" >"$WORK/always"
    files_of "$WORK/wanted" "$WORK/optional" >"$WORK/all"
    place() { relative=${1#"$modules"}; echo "${relative%.ko*}.ko"; }
    while read -r path; do
      target="$tree$(place "$path")"
      mkdir -p "${target%/*}"
      # Not every busybox can unpack modules.
      case "$path" in
        *.xz) xz -dc "$path" >"$target" ;;
        *.zst) zstd -qdc "$path" >"$target" ;;
        *.gz) gzip -dc "$path" >"$target" ;;
        *) cp "$path" "$target" ;;
      esac
    done <"$WORK/all"
    while read -r path; do place "$path"; done <"$WORK/always" >"$tree/etc/meros-modules"
    mkdir -p "$tree/lib/modules/$version"
    cp "$modules/lib/modules/$version/modules.order" "$modules/lib/modules/$version/modules.builtin" \
      "$tree/lib/modules/$version/"
    depmod -b "$tree" "$version"
    pack

    phase packing modules
    modules="$modules/lib/modules"
    find "$modules" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    chown -R 0:0 "$modules"
    size=$(du -sk --apparent-size "$modules" | cut -f 1)
    export E2FSPROGS_FAKE_TIME="$SOURCE_DATE_EPOCH"
    truncate -s "$((size * 5 / 4 + 4096))K" "$OUT/modules.img"
    mke2fs -q -t ext4 -O ^has_journal,^resize_inode -m 0 -U "$UUID" -L modules \
      -E "hash_seed=$UUID,root_owner=0:0,lazy_itable_init=1" -d "$modules" "$OUT/modules.img"
    steady "$OUT/modules.img"
    """#
}

extension Fingerprint {
  /// A UUID (version 8) of its first digits: file systems of the same inputs have the same.
  var uuid: String {
    let digits = Array(text)
    func part(_ range: Range<Int>) -> String { String(digits[range]) }
    return "\(part(0..<8))-\(part(8..<12))-8\(part(13..<16))-8\(part(17..<20))-\(part(20..<32))"
  }
}
