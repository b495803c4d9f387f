extension Builder {
  /// `within COMMAND...` runs an applet of the host's busybox with the tree `$root` as its root, so that no link in the
  /// tree leads out of it. What it needs is put there anew each time: a hook may have left anything in its place.
  ///
  /// `run_hook NAME` runs the hook `$OUT/hooks/NAME` inside `$root`, contained: its own mounts, processes and host
  /// name, no device but the harmless ones, /proc read-only, no right over the machine's clock, modules or mounts, and
  /// no network unless the manifest gives it. It sees PATH, HOME, LC_ALL, SOURCE_DATE_EPOCH and DEBIAN_FRONTEND, and
  /// nothing else.
  static let hookScript = #"""
    find_busybox
    enter() {
      rm -rf "$root/.meros"
      mkdir -m 700 "$root/.meros"
    }
    within() {
      enter
      cp "$busybox" "$root/.meros/busybox"
      chroot "$root" /.meros/busybox "$@"
      rm -rf "$root/.meros"
    }
    # While hooks run there is a resolver, and nothing that they install is started.
    lend='
      if [ -n "$1" ] && [ ! -e /etc/resolv.conf ] && [ ! -L /etc/resolv.conf ]; then : >/etc/resolv.conf; fi
      if [ ! -e /usr/sbin/policy-rc.d ] && [ -d /usr/sbin ]; then
        printf "#!/bin/sh\n# lent by meros\nexit 101\n" >/usr/sbin/policy-rc.d
        /.meros/busybox chmod 755 /usr/sbin/policy-rc.d
      fi
    '
    take_back='
      if [ -f /etc/resolv.conf ] && [ ! -s /etc/resolv.conf ]; then /.meros/busybox rm -f /etc/resolv.conf; fi
      if /.meros/busybox grep -qs "^# lent by meros$" /usr/sbin/policy-rc.d; then
        /.meros/busybox rm -f /usr/sbin/policy-rc.d
      fi
    '
    hook_limit=1800
    run_hook() {
      within sh -ec "$lend" sh "$NETWORK"
      enter
      cp "$OUT/hooks/$1" "$root/.meros/hook"
      chmod 700 "$root/.meros/hook"
      network=--net
      [ -z "$NETWORK" ] || network=
      status=0
      timeout --signal=KILL "$hook_limit" unshare --mount --pid --fork --kill-child=KILL --ipc --uts $network \
        sh -eu -c "$inside" meros-hook "$root" </dev/null || status=$?
      within sh -ec "$take_back"
      case "$status" in
        0) ;;
        137) fail "hook $1 was killed, or did not end within $((hook_limit / 60)) minutes" ;;
        *) fail "hook $1 exited with $status" ;;
      esac
    }
    inside='
      root=$1
      if [ -z "'"$NETWORK"'" ]; then busybox ip link set lo up 2>/dev/null || :; fi
      hostname localhost 2>/dev/null || busybox hostname localhost
      for folder in proc dev sys run tmp etc; do
        if [ -L "$root/$folder" ]; then echo "/$folder of the tree is a link" >&2; exit 1; fi
        mkdir -p "$root/$folder"
      done
      mount -t proc -o ro,nosuid,nodev,noexec proc "$root/proc"
      mount -t tmpfs -o size=1m,mode=0755,nosuid,noexec dev "$root/dev"
      mknod -m 666 "$root/dev/null" c 1 3
      mknod -m 666 "$root/dev/zero" c 1 5
      mknod -m 666 "$root/dev/full" c 1 7
      mknod -m 666 "$root/dev/random" c 1 8
      mknod -m 666 "$root/dev/urandom" c 1 9
      mknod -m 666 "$root/dev/tty" c 5 0
      ln -s /proc/self/fd "$root/dev/fd"
      ln -s fd/0 "$root/dev/stdin"; ln -s fd/1 "$root/dev/stdout"; ln -s fd/2 "$root/dev/stderr"
      mkdir "$root/dev/pts" "$root/dev/shm"
      mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
      ln -s pts/ptmx "$root/dev/ptmx"
      mount -t tmpfs -o mode=1777,nosuid,nodev shm "$root/dev/shm"
      # The resolver of the host, as a mount of this namespace.
      resolver="$root/etc/resolv.conf"
      if [ -n "'"$NETWORK"'" ] && [ -e /etc/resolv.conf ] && [ -f "$resolver" ] && [ ! -L "$resolver" ]; then
        mount --bind /etc/resolv.conf "$resolver"
        mount -o remount,bind,ro "$resolver"
      fi
      # Without CAP_SYS_CHROOT and CAP_SYS_PTRACE no way leads out: neither a second chroot nor /proc/1/root. Kept are
      # what installing packages takes: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap,
      # net_bind_service and setfcap.
      drop=$(seq 0 "$(cat /proc/sys/kernel/cap_last_cap)" | grep -vxE "0|1|3|4|5|6|7|8|10|31" | tr "\n" ,)
      env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" DEBIAN_FRONTEND=noninteractive \
        capsh --chroot="$root" --drop="${drop%,}" --no-new-privs --shell=/.meros/hook --
    '

    """#
}
