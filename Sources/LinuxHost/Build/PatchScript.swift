import Host
import Network
import SystemPackage

extension Builder {
  /// Makes `image.qcow2`, `firmware` and the list of packages from a disk image, `archives` laid over its root file system
  /// in their order, and what `hooks` do, both prepared in the folder of the entry.
  ///
  /// `digest` is what the image was planned with.
  func patch(
    _ source: PatchSource, digest: String?, archives: [String], hooks: [String]
  ) async throws(HostError) {
    let base = try FilePath(source.base).absolute()
    let image = try BaseImage.look(at: base, attempted)
    var variables = [
      "BASE": base.string, "FORMAT": image.format.rawValue, "TOTAL": String(source.size?.bytes ?? 0),
      "ARCHIVES": archives.joined(separator: " "), "FSCK": "-fp", "NETWORK": source.hooksReachNetwork ? "yes" : "",
      "ARCH": source.arch,
    ]
    if !hooks.isEmpty { variables.merge(try emulation(of: source.arch)) { own, _ in own } }
    try await run(Self.hookScript + Self.diskScript + Self.patchScript, variables, arguments: hooks)
    guard try FileDigest.of(base, cache: cache) == digest else {
      throw HostError(attempted, .malformed("\(base)", "changed since it was planned"))
    }
    try listPackages()
  }

  static let patchScript = filesScript + databaseScript + programScript + patching

  private static let patching = #"""
    # refuse WHAT: `said` and `status` are of qemu-img.
    refuse() {
      echo "$said" >&2
      case "$status $said" in
        *" lock"*) fail "$BASE is in use: shut down what runs on it" ;;
        126\ * | 127\ *) fail "qemu-img cannot be run" ;;
        *"No space left on device"* | *"Disk quota exceeded"*) fail "there is no room for a copy of $BASE in the store" ;;
        *) fail "$1" ;;
      esac
    }
    phase "copying ${BASE##*/}"
    status=0
    if [ "$FORMAT" = qcow2 ]; then
      said=$(qemu-img check -q -f qcow2 "$BASE" 2>&1) || status=$?
      case "$status" in
        # 3: clusters that nothing uses, which a copy does not have.
        0 | 3) status=0 ;;
        2) refuse "$BASE is damaged" ;;
        *) refuse "$BASE cannot be checked: qemu-img ended with $status" ;;
      esac
    fi
    said=$(qemu-img convert -f "$FORMAT" -O qcow2 "$BASE" "$OUT/image.qcow2" 2>&1) || status=$?
    [ "$status" = 0 ] || refuse "$BASE cannot be copied"
    with_image() {
      "$@" --blockdev "driver=file,node-name=file0,filename=$(escaped "$OUT/image.qcow2")" \
        --blockdev driver=qcow2,node-name=disk0,file=file0
    }
    with_image attach disk0
    size=$(stat -c %s "$WORK/disk")
    if [ "$TOTAL" -gt 0 ] && [ "$TOTAL" -lt "$size" ]; then
      fail "the disk is of $((size >> 20)) MiB, larger than disk_size: images are only grown"
    fi
    phase looking for the root file system
    find_root
    for program in /sbin/init /bin/sh /bin/busybox; do
      own=$(within sh -c '[ ! -f "$1" ] || /.meros/busybox head -c 20 "$1"' sh "$program" | program_architecture)
      case "$own" in
        "") continue ;;
        "$ARCH") break ;;
      esac
      fail "$BASE is for $own, and the machine is one of $ARCH: write arch: $own, or name an image for $ARCH"
    done
    if [ "$TOTAL" -gt "$size" ]; then
      phase "growing $name"
      truncate -s "$TOTAL" "$WORK/disk"
      with_image grow_root
    fi
    lay_archives
    for hook; do
      phase "running hook $hook"
      run_hook "$hook"
    done

    copy_databases
    phase cleaning up
    # What machines that are made of one image must not have in common.
    within sh -ec '
      b=/.meros/busybox
      $b rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub /var/lib/systemd/random-seed
      if [ -f /etc/machine-id ]; then $b rm -f /etc/machine-id; : >/etc/machine-id; fi
      if [ ! -L /var/lib/dbus/machine-id ]; then $b rm -f /var/lib/dbus/machine-id; fi
    '
    phase writing the image
    release
    qemu-img check -q "$OUT/image.qcow2"
    echo "$firmware" >"$OUT/firmware"
    if [ -n "$volume" ]; then echo "$volume" >"$OUT/volume"; fi
    """#
}
