/// The `/init` of meros's initramfs: finds the root disk, gives the guest its identity, and hands over to the guest's
/// own init, whatever distribution that is of.
///
/// It asks of the initramfs: a busybox with all applets at `/bin/busybox`; in `/etc/meros-modules` the kernel modules to
/// load, one a line in the order of loading, by name (then with `/lib/modules/VERSION/modules.dep`) or by absolute
/// path. A kernel that has everything built in needs neither file.
///
/// On the console it says `MEROS-…` lines; where it cannot go on, `MEROS-FAILED` and why, and powers the machine off.
package enum GuestInit {
  /// What the last line of a boot that went wrong begins with; behind it stands why.
  package static let failureMark = "MEROS-FAILED "

  /// What is always on the kernel's command line: interfaces keep the kernel's names, `eth0` for the first network, and
  /// memory that comes while the guest runs is taken into use.
  static func commandLine(arch: String) -> String {
    "console=\(arch == "aarch64" ? "ttyAMA0" : "ttyS0") net.ifnames=0 memhp_default_state=online rw quiet"
  }

  /// A script for busybox's shell.
  package static let script =
    functions + #"""
      # Whoever reads this as a library of functions, a test, is not the first process.
      if [ $$ -eq 1 ]; then boot; fi
      """# + "\n"

  /// All that it can do, and nothing done.
  static let functions = #"""
    #!/bin/busybox sh
    # The first program of a guest of meros, run from its initramfs.
    root=/root
    identity=/identity
    work=/tmp
    console=/dev/console

    say() { echo "MEROS-$*" >$console; }

    fail() {
      say "FAILED $*"
      [ $$ -eq 1 ] || exit 1
      sync
      sleep 0.2 # the serial line is still sending
      poweroff -f
      halt -f
      while :; do sleep 60; done
    }

    # disk SERIAL: prints the device of that virtio disk, waiting up to 20 seconds for it
    disk() {
      tries=0
      while [ $tries -lt 400 ]; do
        for file in /sys/block/*/serial; do
          if [ -r "$file" ] && [ "$(cat "$file")" = "$1" ]; then
            name=${file%/serial}
            echo "/dev/${name##*/}"
            return 0
          fi
        done
        tries=$((tries + 1))
        sleep 0.05
      done
      return 1
    }

    load_modules() {
      [ -r /etc/meros-modules ] || return 0
      while read -r module; do
        case $module in
          '' | '#'*) ;;
          /*) insmod "$module" || say "WARNING module $module did not load" ;;
          *) modprobe "$module" || say "WARNING module $module did not load" ;;
        esac
      done </etc/meros-modules
    }

    # mount_any DEVICE
    mount_any() {
      for type in ext4 xfs btrfs; do
        mount -t $type -o rw "$1" $root 2>/dev/null && return 0
      done
      mount -o rw "$1" $root 2>$work/why
    }

    # The disk itself, or that of its partitions that has an init.
    mount_root() {
      device=$(disk root) || fail "no disk with the serial root"
      mount_any "$device" && return 0
      for file in /sys/class/block/"${device##*/}"/*/partition; do
        [ -e "$file" ] || continue
        name=${file%/partition}
        mount_any "/dev/${name##*/}" || continue
        for init in sbin/init etc/init bin/init; do
          if [ -e "$root/$init" ] || [ -L "$root/$init" ]; then
            device=/dev/${name##*/}
            return 0
          fi
        done
        umount $root
      done
      fail "cannot mount $device: $(cat $work/why)"
    }

    read_identity() {
      # Machines without fw_cfg have it in the initramfs.
      file=/identity.tar
      [ -r $file ] || file=/sys/firmware/qemu_fw_cfg/by_name/opt/org.meros/identity/raw
      [ -r $file ] || fail "the kernel does not show fw_cfg (FW_CFG_SYSFS)"
      mkdir -p $identity
      cat $file >$work/identity.tar && tar -x -f $work/identity.tar -C $identity || fail "cannot read the identity"
      rm -f $work/identity.tar /identity.tar
    }

    # Lines of SERIAL TYPE OPTIONS PLACE
    mount_disks() {
      [ -r $identity/mounts ] || return 0
      while read -r serial type options place; do
        device=$(disk "$serial") || fail "no disk with the serial $serial"
        mkdir -p "$root$place"
        mount -t "$type" -o "$options" "$device" "$root$place" 2>$work/why ||
          fail "cannot mount $device on $place: $(cat $work/why)"
      done <$identity/mounts
    }

    # Gives file systems the room of disks that have grown, where the guest has the programs. Only what is mounted
    # grows, and the programs ask /proc what that is.
    grow_disks() {
      [ -s $identity/mounts ] || return 0
      mount -o bind /proc $root/proc || return 0
      while read -r serial type options place; do
        [ "$options" = rw ] || continue
        case $type in
          ext[234]) in_root resize2fs "$(disk "$serial")" ;;
          xfs) in_root xfs_growfs "$place" ;;
          btrfs) in_root btrfs filesystem resize max "$place" ;;
        esac
        case $? in 0 | 127) ;; *) say "WARNING the file system on $place did not grow" ;; esac
      done <$identity/mounts
      umount $root/proc
    }

    # Files that are meros's alone: what stood there, a link too, makes way.
    lay_files() {
      (cd $identity/root && find . -type f) | while read -r file; do
        mkdir -p "$root/${file%/*}"
        rm -f "$root/$file"
        cp -p "$identity/root/$file" "$root/$file" || fail "cannot write $file"
      done
    }

    # block FILE LINES: refreshes meros's lines in a file that has others too
    block() {
      [ -L "$1" ] && rm -f "$1"
      [ -e "$1" ] || : >"$1"
      {
        awk '/^# meros begin/ {skip = 1} !skip {print} /^# meros end/ {skip = 0}' "$1"
        echo "# meros begin: these lines are renewed at every boot"
        cat "$2"
        echo "# meros end"
      } >$work/block
      cmp -s $work/block "$1" || cat $work/block >"$1" || fail "cannot write $1"
    }

    # in_root COMMAND...: runs a program of the guest; silent, for the caller to judge
    in_root() { (PATH=/usr/sbin:/usr/bin:/sbin:/bin && /bin/chroot $root "$@") >/dev/null 2>&1; }

    make_user() {
      grep -q "^$1:" $root/etc/passwd 2>/dev/null && return 0
      shell=/bin/sh
      [ -e $root/bin/bash ] && shell=/bin/bash
      # A password of * is none that fits; ! would lock the login for keys as well.
      if in_root useradd -m -s $shell -p '*' "$1"; then return 0; fi
      if in_root adduser -D -s $shell "$1"; then
        sed -i "s/^$1:!*:/$1:*:/" $root/etc/shadow
        return 0
      fi
      id=1000
      while cut -d: -f3 $root/etc/passwd $root/etc/group 2>/dev/null | grep -qx $id; do id=$((id + 1)); done
      echo "$1:x:$id:$id::/home/$1:$shell" >>$root/etc/passwd
      echo "$1:x:$id:" >>$root/etc/group
      [ -e $root/etc/shadow ] && echo "$1:*:19000:0:99999:7:::" >>$root/etc/shadow
      say "USER $1 was made by hand"
    }

    # authorize LOGIN: lets the keys of the identity in
    authorize() {
      line=$(grep "^$1:" $root/etc/passwd 2>/dev/null) || return 0
      owner=$(echo "$line" | cut -d: -f3,4)
      home=$root$(echo "$line" | cut -d: -f6)
      [ -L "$home/.ssh" ] && rm -f "$home/.ssh"
      [ -d "$home" ] || { mkdir -p "$home" && chown "$owner" "$home" && chmod 700 "$home"; }
      mkdir -p "$home/.ssh"
      block "$home/.ssh/authorized_keys" $identity/authorized_keys
      chmod 700 "$home/.ssh"
      chmod 600 "$home/.ssh/authorized_keys"
      chown "$owner" "$home/.ssh" "$home/.ssh/authorized_keys"
    }

    # Dropbear has a form of its own for host keys.
    convert_host_key() {
      [ -d $root/etc/dropbear ] || return 0
      key=/etc/dropbear/dropbear_ed25519_host_key
      rm -f $root$key
      in_root dropbearconvert openssh dropbear /etc/ssh/ssh_host_ed25519_key $key ||
        say "WARNING the host key was not converted for dropbear"
    }

    link_of() {
      for path in /sys/class/net/*; do
        [ "$(cat "$path/address" 2>/dev/null)" = "$1" ] && echo "${path##*/}"
      done
    }

    # Lines of one word and its value; link comes first and holds for what follows it
    set_network() {
      ip link set lo up
      # The neighbours may remember another machine at these addresses.
      echo 1 >/proc/sys/net/ipv4/conf/all/arp_notify
      while read -r word value; do
        case $value in *:*) family=-6 ;; *) family=-4 ;; esac
        case $word in
          link)
            link=$(link_of "$value")
            [ -n "$link" ] || fail "no interface with the address $value"
            echo 0 >"/proc/sys/net/ipv6/conf/$link/accept_dad"
            echo 1 >"/proc/sys/net/ipv6/conf/$link/ndisc_notify"
            ;;
          mtu) ip link set dev "$link" mtu "$value" ;;
          address) ip $family addr add "$value" dev "$link" ;;
          up) ip link set dev "$link" up ;;
          gateway) ip $family route add default via "$value" dev "$link" ;;
        esac || say "WARNING $word $value of $link was refused"
      done <$identity/network 2>/dev/null
    }

    find_init() {
      init=
      for word in $(cat /proc/cmdline); do
        case $word in init=*) init=${word#init=} ;; esac
      done
      for path in $init /sbin/init /etc/init /bin/init; do
        if [ -e "$root$path" ] || [ -L "$root$path" ]; then
          init=$path
          return 0
        fi
      done
      fail "no /sbin/init on the root disk"
    }

    boot() {
      export PATH=/bin
      /bin/busybox mkdir -p /proc /sys /dev /tmp $root
      /bin/busybox mount -t proc proc /proc
      /bin/busybox --install -s /bin
      mount -t sysfs sysfs /sys
      mount -t devtmpfs devtmpfs /dev || mknod /dev/console c 5 1
      exec </dev/console >/dev/console 2>&1
      say "INIT"
      load_modules
      mount_root
      say "ROOT $device"
      read_identity
      mount_disks
      mkdir -p $root/dev $root/proc $root/sys
      mount -o move /dev $root/dev || fail "cannot move /dev"
      rm -rf /dev && ln -s $root/dev /dev
      grow_disks
      lay_files
      hostname "$(cat $identity/root/etc/hostname)"
      block $root/etc/hosts $identity/hosts
      if [ -s $identity/user ]; then make_user "$(cat $identity/user)"; fi
      authorize root
      if [ -s $identity/user ]; then authorize "$(cat $identity/user)"; fi
      convert_host_key
      set_network
      find_init
      say "BOOT $init"
      umount /sys
      umount /proc
      exec switch_root -c /dev/console $root "$init"
    }


    """#
}
