extension Builder {
  /// `within COMMAND...` runs an applet of the host's busybox with the tree `$root` as its root, so that no link in the
  /// tree leads out of it. What it needs is put there anew each time: a hook may have left anything in its place.
  ///
  /// `run_hook NAME` runs the hook `$OUT/hooks/NAME` inside `$root`, contained: its own mounts, processes and host
  /// name, no device but the harmless ones, /proc read-only, no right over the machine's clock, modules or mounts, and
  /// no network unless the manifest gives it. It has at most `HOOK_PROCESSES` processes, where that is not empty. It sees
  /// PATH, HOME, LC_ALL, SOURCE_DATE_EPOCH and DEBIAN_FRONTEND, and nothing else.
  static let hookScript = emulationScript + hookFunctions

  private static let hookFunctions = #"""
    find_busybox
    enter() {
      rm -rf "$root/.meros"
      mkdir -m 700 "$root/.meros"
    }
    within() {
      enter
      result=0
      { cp "$busybox" "$root/.meros/busybox" && chroot "$root" /.meros/busybox "$@"; } || result=$?
      rm -rf "$root/.meros"
      return "$result"
    }
    # While hooks run there is a resolver where $1 asks for one, and nothing that they install is started. Where
    # /etc/resolv.conf is a link that leads nowhere, what it leads to is made. Says what was made, what is in a folder
    # before the folder, a line each.
    lend='
      b=/.meros/busybox
      newline="
    "
      made= steps=0
      # follow LINK: sets `place` to where it leads. Whoever needs forty links goes in a circle, as for the kernel.
      follow() {
        steps=$((steps + 1))
        [ "$steps" -le 40 ] || return 1
        target=$($b readlink "$1") || return 1
        case "$target" in
          *"$newline"*) return 1 ;;
          /*) place=$target ;;
          *) place=${1%/*}/$target ;;
        esac
      }
      # reach FOLDER: makes it, and those above it.
      reach() {
        if [ -d "$1" ]; then return 0; fi
        if [ -L "$1" ]; then
          follow "$1" && reach "$place"
          return
        fi
        above=${1%/*}
        reach "${above:-/}" || return 1
        if [ ! -d "$1" ]; then
          $b mkdir "$1" || return 1
          made="$1$newline$made"
        fi
      }
      make_resolver() {
        place=/etc/resolv.conf
        while [ -L "$place" ] && [ ! -e "$place" ]; do follow "$place" || return 1; done
        if [ -e "$place" ]; then return 0; fi
        file=$place
        reach "${file%/*}" && : >"$file" && made="$file$newline$made"
      }
      if [ -n "$1" ]; then
        make_resolver || echo "/etc/resolv.conf leads nowhere, and there is no resolver" >&2
        printf %s "$made"
      fi
      if [ ! -e /usr/sbin/policy-rc.d ] && [ -d /usr/sbin ]; then
        printf "#!/bin/sh\n# lent by meros\nexit 101\n" >/usr/sbin/policy-rc.d
        /.meros/busybox chmod 755 /usr/sbin/policy-rc.d
      fi
    '
    # Reads what `lend` said; what has come to hold something stays.
    take_back='
      while IFS= read -r made; do
        if [ -L "$made" ]; then continue; fi
        if [ -d "$made" ]; then /.meros/busybox rmdir "$made" 2>&- || :; fi
        if [ -f "$made" ] && [ ! -s "$made" ]; then /.meros/busybox rm -f "$made"; fi
      done
      if /.meros/busybox grep -qs "^# lent by meros$" /usr/sbin/policy-rc.d; then
        /.meros/busybox rm -f /usr/sbin/policy-rc.d
      fi
    '
    # What building leaves behind, also links in its place, and no two builds the same.
    clean_tree() {
      within sh -ec '
        b=/.meros/busybox
        $b rm -rf /var/lib/apt/lists /var/cache/apt/archives /var/cache/apt/*.bin /var/cache/ldconfig/aux-cache \
          /var/cache/apk /var/cache/debconf/*-old /var/lib/dpkg/*-old /etc/ssh/ssh_host_*_key \
          /etc/ssh/ssh_host_*_key.pub
        if [ -d /var/lib/apt ]; then $b mkdir -p /var/lib/apt/lists/partial /var/cache/apt/archives/partial; fi
        if [ -d /lib/apk ]; then $b mkdir -p /var/cache/apk; fi
        for folder in /tmp /var/tmp /run; do
          if [ -d $folder ] && [ ! -L $folder ]; then $b find $folder -mindepth 1 -maxdepth 1 -exec $b rm -rf {} +; fi
        done
        if [ -d /var/log ]; then $b find /var/log -type f -exec $b truncate -s 0 {} +; fi
        if [ -f /etc/machine-id ]; then : >/etc/machine-id; fi
      '
    }
    # The file that is /etc/resolv.conf, as a path without links; empty: there is none.
    resolved=
    # Runs /.meros/hook of the tree.
    contained() {
      network=--net
      [ -z "$NETWORK" ] || network=
      emulated timeout --signal=KILL "$HOOK_LIMIT" unshare --mount --pid --fork --kill-child=KILL --ipc --uts $network \
        sh -eu -c "$inside" meros-hook "$root" "$resolved" </dev/null
    }
    run_hook() {
      within sh -ec "$lend" sh "$NETWORK" >"$WORK/lent"
      resolved=$(within readlink -f /etc/resolv.conf) || resolved=
      enter
      cp "$OUT/hooks/$1" "$root/.meros/hook"
      chmod 700 "$root/.meros/hook"
      status=0
      contained || status=$?
      taken=yes
      within sh -ec "$take_back" <"$WORK/lent" || taken=
      case "$status" in
        0) [ -n "$taken" ] || fail "hook $1 left no room in the image" ;;
        137) fail "hook $1 was killed, or did not end within $HOOK_LIMIT seconds" ;;
        *) fail "hook $1 exited with $status" ;;
      esac
    }
    inside='
      root=$1
      # The highest number of a process, and so how many there can be; who is himself allowed fewer keeps to that.
      if [ -n "'"$HOOK_PROCESSES"'" ]; then echo "'"$HOOK_PROCESSES"'" 2>/dev/null >/proc/sys/kernel/pid_max || :; fi
      if [ -z "'"$NETWORK"'" ]; then busybox ip link set lo up 2>/dev/null || :; fi
      hostname localhost 2>/dev/null || busybox hostname localhost
    \#(mountPoints)
      # The resolver of the host, as a mount of this namespace; in the tree as it is, where /proc has no ways out yet.
      resolver="$root$2"
      if [ -n "'"$NETWORK"'" ] && [ -n "$2" ] && [ -e /etc/resolv.conf ] && [ -f "$resolver" ]; then
        mount --bind /etc/resolv.conf "$resolver"
        mount -o remount,bind,ro "$resolver"
      fi
      mount -t proc -o ro,nosuid,nodev,noexec proc "$root/proc"
    \#(devices)
      # Without CAP_SYS_CHROOT and CAP_SYS_PTRACE no way leads out: neither a second chroot nor /proc/1/root. Kept are
      # what installing packages takes: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap,
      # net_bind_service and setfcap.
      drop=$(seq 0 "$(cat /proc/sys/kernel/cap_last_cap)" | grep -vxE "0|1|3|4|5|6|7|8|10|31" | tr "\n" ,)
      env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" DEBIAN_FRONTEND=noninteractive \
        capsh --inh= --chroot="$root" --drop="${drop%,}" --no-new-privs --shell=/.meros/hook --
    '

    """#
}
