/// LVM on parts of files, for tests that make disks.
package enum LogicalVolumes {
  /// `show FILE MIB MIB` makes a part of a file the loop device `$device`, which goes with the script or with `hide`, at
  /// most two at a time; `lvm_here COMMAND...` and `create NAME EXTENTS OPTIONS...` know of these alone.
  package static let script = #"""
    accepted=
    show() {
      device=$(losetup --find --show --offset "$(($2 << 20))" --sizelimit "$(($3 << 20))" "$1")
      if [ -z "$accepted" ]; then exec 8<>"$device"; else exec 7<>"$device"; fi
      # Held by that descriptor, it goes when nothing holds it.
      losetup --detach "$device"
      accepted="$accepted\"a|^$device$|\", "
    }
    hide() {
      exec 7>&- 8>&-
      accepted=
    }
    lvm_here() {
      LVM_SYSTEM_DIR=$work LVM_SUPPRESS_FD_WARNINGS=1 lvm "$@" --driverloaded n --config "
        devices { filter=[$accepted\"r|.*|\"] use_devicesfile=0 hints=\"none\" obtain_device_list_from_udev=0 }
        global { locking_dir=\"$work/locks\" notify_dbus=0 } backup { backup=0 archive=0 }
        activation { udev_sync=0 udev_rules=0 monitoring=0 }"
    }
    create() {
      name=$1 extents=$2
      shift 2
      lvm_here lvcreate --activate n --wipesignatures n --zero n --extents "$extents" --name "$name" "$@" vg
    }

    """#
}
