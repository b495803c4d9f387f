extension Builder {
  /// Logical volumes of a disk image, found and grown by what LVM has written there. Nothing is activated, and lvm sees
  /// the image's own physical volumes alone: none of the host's, none of its settings.
  ///
  /// `$WORK/physical` has a line `NUMBER START SECTORS` for each partition that is a physical volume; 0 is the whole disk.
  ///
  /// - `find_volumes` writes a line `NUMBER START SECTORS VG/LV` to `$WORK/volumes` for each that lies in one piece, the
  ///   number being that of its partition. What the others are is added to `seen`, and what to do to `unfit`.
  /// - `grow_volume` gives `$volume` what is free behind it, where the partition `$part` has come to be of `$sectors` from
  ///   `$start` on; these two then become its own.
  static let volumeScript = #"""
    # Each line of $WORK/physical as a loop device: `NUMBER START DEVICE` in $WORK/shown. The kernel takes these devices
    # away with the mounts of the namespace: a mount of fuseblk holds its device and asks nobody what is on it.
    show_physical() {
      : >"$WORK/shown"
      while read -r number from count; do
        mkdir -p "$WORK/physical-$number"
        mount --internal-only -t fuseblk \
          -o "loop,offset=$((from * 512)),sizelimit=$((count * 512)),fd=9,rootmode=40000,user_id=0,group_id=0" \
          "$WORK/disk" "$WORK/physical-$number" 9<>/dev/fuse </dev/null
        shown=$(awk -v place="/physical-$number\$" '$5 ~ place && /- fuseblk/ { print $(NF - 1) }' /proc/self/mountinfo)
        echo "$number $from $shown" >>"$WORK/shown"
      done <"$WORK/physical"
    }
    hide_physical() {
      while read -r number from shown; do umount --internal-only "$WORK/physical-$number"; done <"$WORK/shown"
    }
    # lvm_of_image COMMAND...: numbers are in bytes.
    lvm_of_image() {
      mkdir -p "$WORK/lvm"
      accepted=$(awk '{ printf "\"a|^%s$|\", ", $3 }' "$WORK/shown")
      (
        cd "$WORK/lvm"
        LVM_SYSTEM_DIR="$WORK/lvm" LVM_SUPPRESS_FD_WARNINGS=1 lvm "$@" --driverloaded n --config "
          devices {
            dir=\"/dev\" scan=[\"/dev\"] filter=[$accepted\"r|.*|\"] global_filter=[$accepted\"r|.*|\"]
            use_devicesfile=0 hints=\"none\" obtain_device_list_from_udev=0 external_device_info_source=\"none\"
            multipath_component_detection=0 md_component_detection=0
          }
          global {
            units=\"b\" suffix=0 locking_dir=\"locks\" use_lvmpolld=0 use_lvmlockd=0 event_activation=0 notify_dbus=0
          }
          backup { backup=0 archive=0 }
          activation { udev_sync=0 udev_rules=0 monitoring=0 }
          log { syslog=0 }" </dev/null
      )
    }
    # ask_lvm COMMAND FIELDS MORE...: what it reports, in a line each.
    ask_lvm() {
      command=$1 fields=$2
      shift 2
      if ! lvm_of_image "$command" --readonly --noheadings -o "$fields" "$@" 2>"$WORK/said"; then
        cat "$WORK/said" >&2
        fail "LVM of the image cannot be read"
      fi
    }
    # set_extents BEGIN EXTENT FIRST-LAST START: where these extents of a partition at sector START are, as `first_sector`
    # and `extent_sectors`. BEGIN and EXTENT are bytes.
    set_extents() {
      first_sector=$(($4 + ($1 + ${3%-*} * $2) / 512))
      extent_sectors=$(((${3#*-} + 1 - ${3%-*}) * $2 / 512))
    }
    find_volumes() {
      command -v lvm >/dev/null ||
        fail "there is no root file system outside of LVM ($seen), and LVM is read by lvm: install the package lvm2"
      show_physical
      ask_lvm pvs pv_name,pe_start >"$WORK/begins"
      ask_lvm lvs lv_uuid,vg_name,lv_name,lv_attr,segtype,seg_count,vg_extent_size,seg_pe_ranges --segments >"$WORK/segments"
      hide_physical
      before=
      : >"$WORK/volumes"
      while read -r id group logical attributes kind pieces extent ranges; do
        # One that is in pieces has a line for each.
        if [ "$id" = "$before" ]; then continue; fi
        before=$id why=
        case "$attributes" in
          [oO]*) why="has snapshots" ;;
          [sS]*) why="is a snapshot" ;;
        esac
        if [ "$kind" != linear ]; then why="is of type $kind"; fi
        if [ "$pieces" != 1 ]; then why="is in $pieces pieces"; fi
        place=$(awk -v device="${ranges%:*}" '$3 == device { print $1, $2 }' "$WORK/shown")
        begin=$(awk -v device="${ranges%:*}" '$1 == device { print $2 }' "$WORK/begins")
        if [ -z "$why" ] && { [ -z "$place" ] || [ -z "$begin" ]; }; then why="lies on ${ranges%:*}, which is not in the image"; fi
        if [ -n "$why" ]; then
          seen="$seen, volume $group/$logical $why"
          unfit="; only linear volumes in one piece, without snapshots, can be opened: make the one with the root such, or give an image without LVM"
          continue
        fi
        set_extents "$begin" "$extent" "${ranges##*:}" "${place#* }"
        echo "${place% *} $first_sector $extent_sectors $group/$logical" >>"$WORK/volumes"
      done <"$WORK/segments"
    }
    change_lvm() {
      if ! lvm_of_image "$@" >"$WORK/said" 2>&1; then
        cat "$WORK/said" >&2
        fail "$name cannot be grown"
      fi
    }
    grow_volume() {
      awk -v part="$part" -v line="$part $start $sectors" '{ print $1 == part ? line : $0 }' \
        "$WORK/physical" >"$WORK/grown"
      mv "$WORK/grown" "$WORK/physical"
      show_physical
      device=$(awk -v part="$part" '$1 == part { print $3 }' "$WORK/shown")
      change_lvm pvresize "$device"
      ask_lvm pvs pvseg_start,pvseg_size,vg_extent_size,pe_start,vg_name,lv_name --segments --sort pvseg_start "$device" \
        >"$WORK/segments"
      end= room=0
      while read -r first count size data group logical; do
        if [ "$group/$logical" = "$volume" ]; then
          own=$first end=$((first + count)) extent=$size begin=$data
        elif [ "$first" = "$end" ]; then
          [ -z "$logical" ] || fail "$name cannot be grown: volume $group/$logical lies behind it"
          room=$count
        fi
      done <"$WORK/segments"
      last=$((end + room - 1))
      if [ "$room" -gt 0 ]; then change_lvm lvextend --extents "+$room" "$volume" "$device:$end-$last"; fi
      hide_physical
      set_extents "$begin" "$extent" "$own-$last" "$start"
      start=$first_sector sectors=$extent_sectors
    }

    """#
}
