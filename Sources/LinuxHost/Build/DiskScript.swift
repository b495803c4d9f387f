extension Builder {
  /// Work on the disk of a machine that does not run, with its file systems mounted in the namespaces of the build: the
  /// kernel takes everything away when those end, however they do.
  ///
  /// - `attach NODE NODES...` shows the node `NODE` of those that qemu-storage-daemon is told of as the file `$WORK/disk`;
  ///   `release` writes everything back.
  /// - `find_root` mounts the root file system that is in it, and sets `root` (where it is mounted), `name` (which
  ///   partition or logical volume it is, for people), `volume` (VG/LV; empty for a partition) and `firmware` (efi or
  ///   bios, by what a loader of this disk is started). Volumes are looked into where no partition is it.
  /// - `grow_root NODES...` gives it the room that came to the disk at its end; the disk is the node `disk0`.
  ///
  /// `$FSCK` is how strictly e2fsck looks.
  static let diskScript = volumeScript + diskFunctions

  private static let diskFunctions = #"""
    top= daemon= bound=
    escaped() { printf %s "$1" | sed 's/,/,,/g'; }
    # attach NODE NODES...
    attach() {
      node=$1
      shift
      if [ -z "$bound" ]; then
        mount --bind "$WORK" "$WORK"
        bound=yes
      fi
      : >"$WORK/disk"
      # In a namespace of its own, from which its mount gets here and no mount of here gets there: were it killed as the
      # last in this one, the kernel would have it unmount what only it can still answer for, and it would wait for ever.
      mount --make-shared "$WORK"
      unshare --mount --propagation unchanged qemu-storage-daemon "$@" --daemonize --pidfile "$WORK/daemon" \
        --export "type=fuse,id=disk,node-name=$node,mountpoint=$(escaped "$WORK/disk"),writable=on"
      mount --make-slave "$WORK"
      daemon=$(cat "$WORK/daemon")
    }
    release() {
      if [ -n "$top" ]; then umount "$top"; fi
      if [ -n "$daemon" ]; then
        kill "$daemon"
        while kill -0 "$daemon" 2>/dev/null; do sleep 0.01; done
      fi
      top= daemon=
    }
    disk_sectors() { echo "$(($(stat -c %s "$WORK/disk") / 512))"; }
    # NUMBER START SECTORS TYPE of each partition; a disk without any counts as one, with the number 0.
    partitions() {
      partx --show --noheadings --output NR,START,SECTORS,TYPE "$WORK/disk" >"$WORK/partitions" 2>/dev/null || :
      if [ -s "$WORK/partitions" ]; then cat "$WORK/partitions"; else echo "0 0 $(disk_sectors) -"; fi
    }
    # mount_at TYPE START SECTORS PLACE
    mount_at() {
      options="loop,offset=$(($2 * 512)),sizelimit=$(($3 * 512)),nosuid,nodev"
      if [ "$1" = xfs ]; then options="$options,nouuid"; fi
      mount -t "$1" -o "$options" "$WORK/disk" "$4"
    }
    # check_at TYPE START NAME
    check_at() {
      case "$1" in ext[234]) ;; *) return 0 ;; esac
      status=0
      e2fsck $FSCK "$WORK/disk?offset=$(($2 * 512))" >"$WORK/said" 2>&1 || status=$?
      if [ "$status" -lt 4 ]; then return 0; fi
      cat "$WORK/said" >&2
      # e2fsck(8): 4 for errors that are left; what is more says nothing of the file system.
      if [ "$status" -lt 8 ]; then fail "the file system of $3 is damaged"; fi
      fail "the file system of $3 cannot be checked: e2fsck ended with $status"
    }
    is_root() {
      if [ -L "$1" ] || [ ! -d "$1/etc" ] || [ -L "$1/etc" ]; then return 1; fi
      for file in sbin/init usr/lib/systemd/systemd lib/systemd/systemd bin/busybox etc/os-release; do
        if [ -e "$1/$file" ] || [ -L "$1/$file" ]; then return 0; fi
      done
      return 1
    }
    # Only one is mounted at a time: all are of one file, and e2fsck takes what is mounted of it for its own.
    # look_into NUMBER START SECTORS NAME VOLUME
    look_into() {
      found=$(blkid -p -O "$(($2 * 512))" -S "$(($3 * 512))" -o value -s TYPE "$WORK/disk" 2>/dev/null) || found=
      seen="$seen${seen:+, }$4 is ${found:-of no known kind}"
      case "$found" in
        ext[234] | xfs | btrfs) ;;
        LVM2_member)
          if [ -z "$5" ]; then echo "$1 $2 $3" >>"$WORK/physical"; fi
          return 0
          ;;
        *) return 0 ;;
      esac
      check_at "$found" "$2" "$4"
      place="$WORK/mounted-root"
      mkdir -p "$place"
      mount_at "$found" "$2" "$3" "$place" || fail "$4 cannot be mounted"
      inner=
      for folder in "" /@ /@rootfs /root; do
        if is_root "$place$folder"; then inner=$place$folder; break; fi
        # Only btrfs has the root in a folder, a subvolume.
        [ "$found" = btrfs ] || break
      done
      umount "$place"
      if [ -z "$inner" ]; then return 0; fi
      [ -z "$root" ] || fail "$name and $4 both hold a root file system"
      root=$inner part=$1 start=$2 sectors=$3 name=$4 volume=$5 type=$found
    }
    find_root() {
      firmware=bios root= seen= unfit=
      : >"$WORK/physical"
      partitions >"$WORK/all"
      while read -r number from count kind; do
        case "$kind" in c12a7328-f81f-11d2-ba4b-00a0c93ec93b | 0xef) firmware=efi ;; esac
        at="partition $number"
        if [ "$number" = 0 ]; then at="the whole disk"; fi
        look_into "$number" "$from" "$count" "$at" "" </dev/null
      done <"$WORK/all"
      if [ -z "$root" ] && [ -s "$WORK/physical" ]; then
        find_volumes
        while read -r number from count at; do
          look_into "$number" "$from" "$count" "volume $at" "$at" </dev/null
        done <"$WORK/volumes"
      fi
      [ -n "$root" ] || fail "there is no root file system that can be opened: $seen$unfit"
      mount_at "$type" "$start" "$sectors" "$WORK/mounted-root" || fail "$name cannot be mounted"
      top="$WORK/mounted-root"
    }
    # Gives the partition the room behind it; sets its `start` and `sectors`.
    grow_partition() {
      if [ "$part" = 0 ]; then
        start=0 sectors=$(disk_sectors)
        return 0
      fi
      # The extended partition before the logical one that lies in it.
      for number in $(awk -v part="$part" 'part > 4 && $4 ~ /^0x(5|f|85)$/ { print $1 }' "$WORK/all") "$part"; do
        if ! echo ", +" | sfdisk --quiet --no-reread --no-tell-kernel -N "$number" "$WORK/disk" >"$WORK/said" 2>&1; then
          cat "$WORK/said" >&2
          fail "$name cannot be grown"
        fi
      done
      start=$(partitions | awk -v part="$part" '$1 == part { print $2 }')
      sectors=$(partitions | awk -v part="$part" '$1 == part { print $3 }')
      # At its end the disk may keep a copy of the table, and less than a mebibyte.
      if [ "$((start + sectors + 4096))" -lt "$(disk_sectors)" ]; then
        fail "$name cannot be grown: another partition lies behind it"
      fi
    }
    grow_root() {
      umount "$top"
      place=$top top=
      grow_partition
      if [ -n "$volume" ]; then grow_volume; fi
      release
      # In a file with more behind the file system resize2fs would cut that off.
      sectors=$((sectors / 8 * 8))
      attach partition "$@" \
        --blockdev "driver=raw,node-name=partition,file=disk0,offset=$((start * 512)),size=$((sectors * 512))"
      check_at "$type" 0 "$name"
      case "$type" in ext[234]) resize2fs "$WORK/disk" ;; esac
      mount_at "$type" 0 "$sectors" "$place"
      top=$place
      case "$type" in
        xfs) xfs_growfs "$top" ;;
        btrfs) btrfs filesystem resize max "$top" ;;
      esac
    }

    """#
}
