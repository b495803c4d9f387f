extension Builder {
  /// Works `identity.tar`, as `MachineDesign.installedIdentity` makes it, into the disk that the arguments describe, with
  /// the `functions` of our initramfs. They run contained as hooks do, by the host's busybox.
  static let identityScript = #"""
    clear_away() { [ -z "${root:-}" ] || { umount "$root/.meros" && rmdir "$root/.meros"; } 2>/dev/null || :; }
    trap 'clear_away; release' EXIT
    attach disk0 "$@"
    find_root
    rm -rf "$root/.meros"
    mkdir -m 700 "$root/.meros"
    # In memory: the guest's disk may be full.
    mount -t tmpfs -o mode=0700 meros "$root/.meros"
    cp "$busybox" "$root/.meros/busybox"
    cp "$OUT/functions" "$root/.meros/functions"
    mkdir "$root/.meros/identity" "$root/.meros/work"
    tar -x -p -f "$OUT/identity.tar" -C "$root/.meros/identity"
    cat >"$root/.meros/hook" <<'END'
    #!/.meros/busybox sh
    set -eu
    /.meros/busybox mkdir /.meros/bin
    /.meros/busybox --install -s /.meros/bin
    export PATH=/.meros/bin
    . /.meros/functions
    root= identity=/.meros/identity work=/.meros/work
    say() { echo "$*"; }
    fail() { echo "$*" >&2; exit 1; }
    # What a guest has made of its programs is not run here.
    in_root() { return 127; }
    there() { for path; do if [ -e "$path" ] || [ -L "$path" ]; then return 0; fi; done; return 1; }
    # lay FROM TO MODE: what stood there, a link too, makes way.
    lay() {
      mkdir -p "${2%/*}"
      rm -f "$2"
      cp "$identity/$1" "$2"
      chmod "$3" "$2"
    }
    set_link_names() {
      for file in "$identity"/networks/link/*; do
        lay "networks/link/${file##*/}" "/etc/systemd/network/${file##*/}" 644
      done
    }
    set_network() {
      if there /usr/bin/cloud-init && ! there /etc/cloud/cloud-init.disabled; then
        for file in meta-data user-data network-config; do
          lay "networks/nocloud/$file" "/var/lib/cloud/seed/nocloud/$file" 600
        done
        lay networks/nocloud/99-meros.cfg /etc/cloud/cloud.cfg.d/99-meros.cfg 644
      elif there /usr/sbin/netplan && [ -d /etc/netplan ]; then
        lay networks/netplan.yaml /etc/netplan/99-meros.yaml 600
      elif there /etc/systemd/system/multi-user.target.wants/systemd-networkd.service \
        /etc/systemd/system/dbus-org.freedesktop.network1.service; then
        for file in "$identity"/networks/networkd/*; do
          lay "networks/networkd/${file##*/}" "/etc/systemd/network/${file##*/}" 644
        done
      elif there /etc/systemd/system/multi-user.target.wants/NetworkManager.service \
        /etc/runlevels/default/networkmanager; then
        for file in "$identity"/networks/networkmanager/*; do
          lay "networks/networkmanager/${file##*/}" "/etc/NetworkManager/system-connections/${file##*/}" 600
        done
      elif there /sbin/openrc /usr/sbin/openrc && ! there /usr/lib/systemd/systemd /lib/systemd/systemd; then
        lay networks/interfaces.openrc /etc/network/interfaces 644
      elif there /sbin/ifup /usr/sbin/ifup; then
        set_link_names
        lay networks/interfaces /etc/network/interfaces 644
      else
        fail "nothing in the image sets up networks that meros knows: cloud-init, netplan, systemd-networkd or NetworkManager (enabled), OpenRC, ifupdown"
      fi
    }
    lay_files
    block /etc/hosts $identity/hosts
    if [ -s $identity/fstab ] || grep -qs '^# meros begin' /etc/fstab; then block /etc/fstab $identity/fstab; fi
    while read -r device place rest; do mkdir -p "$place"; done <$identity/fstab
    if [ -s $identity/user ]; then make_user "$(cat $identity/user)"; fi
    authorize root
    if [ -s $identity/user ]; then authorize "$(cat $identity/user)"; fi
    if [ -d $identity/networks ]; then set_network; fi
    END
    chmod 700 "$root/.meros/hook"
    contained || fail "who the guest is could not be written into $name"
    clear_away
    trap - EXIT
    release
    """#
}
