extension Builder {
  /// Where programs of a tree find the devices that do no harm; `$root` is the tree, and its `/dev` a mount of its own.
  static let devices = """
      mount -t tmpfs -o size=1m,mode=0755,nosuid,noexec dev "$root/dev"
      for device in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
        name="$root/dev/${device%% *}"
        # A user namespace lends those that there are.
        if mknod -m 666 "$name" c ${device#* } 2>/dev/null; then continue; fi
        : >"$name"
        mount --bind "/dev/${device%% *}" "$name"
      done
      ln -s /proc/self/fd "$root/dev/fd"
      ln -s fd/0 "$root/dev/stdin"; ln -s fd/1 "$root/dev/stdout"; ln -s fd/2 "$root/dev/stderr"
      mkdir "$root/dev/pts" "$root/dev/shm"
      mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
      ln -s pts/ptmx "$root/dev/ptmx"
      mount -t tmpfs -o mode=1777,nosuid,nodev shm "$root/dev/shm"
    """

  /// The folders that are mounted on are folders of the tree, and no links that lead out of it.
  static let mountPoints = """
      for folder in proc dev sys run tmp etc; do
        if [ -L "$root/$folder" ]; then echo "/$folder of the tree is a link" >&2; exit 1; fi
        mkdir -p "$root/$folder"
      done
    """

  /// `write_archive TREE` writes it to `rootfs.tar`, the same bytes for the same tree.
  static let archiveScript = #"""
    write_archive() {
      phase writing archive
      tar -c --sort=name --numeric-owner --format=pax --xattrs --xattrs-include='*' \
        --mtime="@$SOURCE_DATE_EPOCH" --clamp-mtime \
        --pax-option='exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime' -C "$1" -f "$OUT/rootfs.tar" .
    }

    """#

  /// Needs `hookScript` and `archiveScript` before it. `in_tree PROGRAM...` runs a program of the tree `$root` with what
  /// the scripts of packages expect: /proc, /sys, harmless devices, and the host's network. Between `begin_packages` and
  /// `end_packages` the tree has the host's resolver, and nothing that is installed is started. `pack_tree` writes what
  /// is to stay of the tree.
  static let treeScript = #"""
    in_tree() {
      emulated unshare --mount --propagation private --pid --fork --kill-child=KILL --ipc --uts \
        sh -eu -c "$within_tree" meros-tree "$root" "$@" </dev/null
    }
    within_tree='
      root=$1
      shift
      hostname localhost 2>/dev/null || busybox hostname localhost
    \#(mountPoints)
      mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
      # A user namespace may not, and does without.
      mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys" 2>/dev/null || :
    \#(devices)
      for name in http_proxy https_proxy no_proxy; do
        eval "value=\${$name:-}"
        [ -z "$value" ] || set -- "$name=$value" "$@"
      done
      exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" DEBIAN_FRONTEND=noninteractive chroot "$root" /usr/bin/env "$@"
    '
    resolver=/etc/resolv.conf
    [ -e "$resolver" ] || resolver=/dev/null
    begin_packages() {
      within sh -ec "$lend" sh yes >"$WORK/lent"
      if [ -s "$WORK/lent" ]; then
        within sh -ec 'if [ -f /etc/resolv.conf ]; then /.meros/busybox cat >/etc/resolv.conf; fi' <"$resolver"
      fi
    }
    end_packages() {
      if [ -s "$WORK/lent" ]; then
        within sh -c 'if /.meros/busybox cmp -s - /etc/resolv.conf; then : >/etc/resolv.conf; fi' <"$resolver"
      fi
      within sh -ec "$take_back" <"$WORK/lent"
    }
    unpack_base() {
      phase unpacking the base
      tar -x -p --numeric-owner --xattrs --xattrs-include='*' -f "$BASE" -C "$root"
    }
    pack_tree() {
      clean_tree
      write_archive "$root"
    }
    root="$WORK/root"
    mkdir "$root"

    """#

  /// `sh "$WORK/keep" FOLDER FILE...` copies files to a cache that other builds read and write meanwhile.
  static let keepScript = #"""
    cat >"$WORK/keep" <<'END'
    set -eu
    place=$1
    shift
    # What a killed build left.
    find "$place" -maxdepth 1 -name '.new-*' -mmin +600 -exec rm -rf {} +
    for file; do
      shift
      case "${file##*/}" in lock | installed) continue ;; esac
      if [ -f "$file" ] && { [ ! -e "$place/${file##*/}" ] || ! cmp -s "$file" "$place/${file##*/}"; }; then
        set -- "$@" "$file"
      fi
    done
    [ "$#" -gt 0 ] || exit 0
    new=$(mktemp -d -p "$place" .new-XXXXXXXX)
    # Servers are asked for what is newer than the time of the file.
    cp -p -t "$new" "$@"
    chmod 644 "$new"/*
    mv -f -t "$place" "$new"/*
    rmdir "$new"
    END

    """#
}
