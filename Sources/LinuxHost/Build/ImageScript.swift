import Host
import Network
import SystemPackage

extension Builder {
  /// Makes `image.qcow2` from the root file system, `archives` laid over it in their order, and what `hooks` do, both
  /// prepared in the folder of the entry.
  func image(
    _ source: ImageSource, fingerprint: Fingerprint, archives: [String], hooks: [String]
  ) async throws(HostError) {
    let rootfs = data.entry(.rootfs, source.rootfs).appending(StoreKind.rootfs.mainFile)
    guard rootfs.exists else { throw HostError(attempted, .missing("store entry rootfs.\(source.rootfs)")) }
    let (total, free): (UInt64, UInt64) =
      switch source.room {
      case .free(let room): (0, room.bytes)
      case .total(let size): (size.bytes, 0)
      }
    var variables = [
      "ROOTFS": rootfs.string, "UUID": fingerprint.uuid,
      "TOTAL": String(total), "FREE": String(free), "ARCHIVES": archives.joined(separator: " "),
      "HOOK_COUNT": String(hooks.count), "NETWORK": source.hooksReachNetwork ? "yes" : "",
    ]
    if !hooks.isEmpty { variables.merge(try emulation(of: source.arch)) { own, _ in own } }
    var script = Self.imageScript
    if let loaded = source.loaded {
      script = Self.loaderScript(loaded.firmware)
      variables.merge(try loaderVariables(loaded, arch: source.arch)) { own, _ in own }
    }
    try await run(Self.hookScript + script, variables, arguments: hooks)
    try listPackages()
  }

  static let imageScript = unpackScript + furnishScript + sizeScript + bareScript + writeScript

  static let unpackScript = #"""
    root="$WORK/root"
    mkdir "$root"
    phase unpacking the root file system
    tar -x -p --numeric-owner --xattrs --xattrs-include='*' -f "$ROOTFS" -C "$root"

    """#

  static let furnishScript = filesScript + databaseScript + furnishing

  private static let furnishing = #"""
    lay_archives
    if [ "$HOOK_COUNT" -gt 0 ]; then
      for hook; do
        phase "running hook $hook"
        run_hook "$hook"
      done
    fi

    copy_databases
    phase cleaning up
    clean_tree
    find "$root" -xdev -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +


    """#

  /// Sets `size`, in KiB.
  static let sizeScript = #"""
    phase making the file system
    # In KiB: what was asked for; or what the tree takes in blocks of 4 KiB with an inode each, metadata and a journal.
    size=$((TOTAL / 1024))
    if [ "$TOTAL" = 0 ]; then
      set -- $(find "$root" -xdev -printf '%s\n' |
        awk '{ blocks += int(($1 + 4095) / 4096) + 0.125; inodes += 1 } END { printf "%d %d", blocks * 4, inodes }')
      size=$((($1 + $2 + FREE / 1024) * 104 / 100 + 81920))
    fi
    size=$(((size + 1023) / 1024 * 1024))
    export E2FSPROGS_FAKE_TIME="$SOURCE_DATE_EPOCH"

    """#

  /// One file system and nothing else.
  private static let bareScript = #"""
    truncate -s "${size}K" "$WORK/image.raw"
    mke2fs -q -t ext4 -m 1 -U "$UUID" -L root -E "hash_seed=$UUID,root_owner=0:0,lazy_itable_init=1" \
      -d "$root" "$WORK/image.raw" || fail "the tree does not fit into a file system of $((size / 1024)) MiB"
    steady "$WORK/image.raw"

    """#

  static let writeScript = #"""
    phase writing the image
    qemu-img convert -f raw -O qcow2 "$WORK/image.raw" "$OUT/image.qcow2"
    qemu-img check -q "$OUT/image.qcow2"
    """#
}
