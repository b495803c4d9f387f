import Host
import SystemPackage

extension Builder {
  /// Makes `rootfs.tar` of Alpine: a base out of the minirootfs, packages on a base; both by the apk that is in it, with
  /// its own keys and those of the manifest.
  func alpineRootfs(_ source: RootfsSource) async throws(HostError) {
    let minirootfs = try await minirootfs(source.from)
    var variables = try alpineVariables(source.from, minirootfs)
    if let base = try base(of: source) {
      variables["BASE"] = base.string
      try await run(Self.alpineLayer, variables, arguments: source.packages)
    } else {
      variables["SERVERS"] = BuilderSchema.alpineServers.joined(separator: " ")
      variables["CONSOLE"] = source.from.arch == "aarch64" ? "ttyAMA0" : "ttyS0"
      let packages = BuilderSchema.basePackages(of: source.from.distribution)
      try await run(Self.alpineBase, variables, arguments: packages)
    }
  }

  /// Makes the kernel of the package `linux-virt`.
  func alpineKernel(_ source: PackageSource, fingerprint: Fingerprint) async throws(HostError) {
    var variables = try alpineVariables(source, try await minirootfs(source))
    variables["UUID"] = fingerprint.uuid
    try await run(
      Self.initramfs + Self.alpineKernelScript + Self.modulesScript, variables,
      arguments: ["linux-virt", "busybox-static"])
  }

  private func alpineVariables(
    _ source: PackageSource, _ minirootfs: Minirootfs
  ) throws(HostError) -> [String: String] {
    let cache = data.cache.appending("apks").appending(source.cacheName)
    try cache.makeFolders()
    return try emulation(of: source.arch).merging([
      "TARBALL": minirootfs.tarball.string, "REPOSITORIES": source.repositories.map { "\($0)\n" }.joined(),
      "CACHE": cache.string, "OFFLINE": minirootfs.isOffline ? "--no-network" : "", "NETWORK": "yes",
    ]) { _, own in own }
  }

  private static let apk = hookScript + treeScript + keepScript + apkScript
  static let alpineBase = apk + minirootfsScript + alpineBaseScript
  static let alpineLayer = apk + alpineLayerScript
  static let alpineKernelScript = apk + minirootfsScript + linuxScript

  /// `apk COMMAND...` runs the apk of the tree. `begin_apk` and `end_apk` stand around it. It is not atomic: what fails
  /// leaves a tree that is thrown away.
  private static let apkScript = #"""
    apk() { in_tree /sbin/apk --no-progress --cache-dir /var/cache/apk $OFFLINE "$@"; }
    begin_apk() {
      begin_packages
      for key in "$OUT"/keys/*.rsa.pub; do
        [ ! -e "$key" ] || within sh -ec '/.meros/busybox cat >"/etc/apk/keys/$1"' sh "${key##*/}" <"$key"
      done
      printf %s "$REPOSITORIES" | within sh -ec '/.meros/busybox cat >/etc/apk/repositories'
      within mkdir -p /var/cache/apk
      tar -c -C "$CACHE" --exclude='./.new-*' . | within tar -x -C /var/cache/apk -f -
      if [ -z "$OFFLINE" ]; then
        phase updating package lists
        apk update || fail "not every repository can be used, see above: a key that is missing belongs into mirror_keys"
      fi
    }
    end_apk() {
      end_packages
      sh "$WORK/keep" "$CACHE" "$root"/var/cache/apk/*
    }

    """#

  private static let minirootfsScript = #"""
    phase unpacking the minirootfs
    tar -x -z -p --numeric-owner -f "$TARBALL" -C "$root"
    [ -e "$root/sbin/apk" ] || fail "there is no /sbin/apk in the minirootfs"
    begin_apk

    """#

  private static let alpineBaseScript = #"""
    server=
    for name in $SERVERS; do
      if [ -z "$server" ] && [ -n "$(apk search --quiet --exact "$name")" ]; then server=$name; fi
    done
    [ -n "$server" ] || fail "the mirror has no ssh server: none of $SERVERS"
    # Its host keys come in the form of OpenSSH.
    if [ "$server" = dropbear ]; then set -- "$@" dropbear-convert; fi
    phase installing packages
    apk add "$@" "$server"
    end_apk

    phase enabling services
    # What a machine with an identity and a network of its own needs of the usual ones.
    within sh -ec '
      b=/.meros/busybox
      enable() {
        level=$1
        shift
        for name; do
          if [ -e "/etc/init.d/$name" ]; then
            $b mkdir -p "/etc/runlevels/$level"
            $b ln -sf "/etc/init.d/$name" "/etc/runlevels/$level/$name"
          fi
        done
      }
      enable sysinit devfs dmesg mdev hwdrivers
      enable boot bootmisc hostname modules sysctl syslog
      enable default acpid sshd dropbear
      enable shutdown killprocs mount-ro savecache
      if [ ! -e /etc/runlevels/default/sshd ] && [ ! -e /etc/runlevels/default/dropbear ]; then
        echo "the ssh server $2 comes without a service of openrc" >&2
        exit 1
      fi
      # The network is there before init is.
      if [ -e /etc/runlevels/default/dropbear ]; then echo "rc_need=\"!net\"" >>/etc/conf.d/dropbear; fi
      if [ -f /etc/inittab ] && ! $b grep -q "^$1:" /etc/inittab; then
        echo "$1::respawn:/sbin/getty -L 115200 $1 vt100" >>/etc/inittab
      fi
      if [ ! -e /etc/acpi/PWRF/00000080 ]; then
        $b mkdir -p /etc/acpi/PWRF
        printf "#!/bin/sh\npoweroff\n" >/etc/acpi/PWRF/00000080
        $b chmod 755 /etc/acpi/PWRF/00000080
      fi
    ' sh "$CONSOLE" "$server"
    [ -e "$root/sbin/openrc" ] || fail "there is no /sbin/openrc in the package openrc"
    pack_tree
    """#

  private static let alpineLayerScript = #"""
    unpack_base
    begin_apk
    phase installing packages
    apk add "$@"
    end_apk
    pack_tree
    """#

  /// Scripts would make an initramfs that nobody needs.
  private static let linuxScript = #"""
    phase installing packages
    apk add --no-scripts "$@"
    end_apk
    mv "$root" "$WORK/packages"

    """#
}

extension PackageSource {
  /// The lines of apk's `repositories`.
  var repositories: [String] {
    let all = components.isEmpty ? ["main", "community"] : components
    let branch = AlpineBranch(release).name
    var base = mirror ?? ""
    while base.hasSuffix("/") { base.removeLast() }
    return all.map { "\(base)/\(branch)/\($0)" } + sources
  }
}
