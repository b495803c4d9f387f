import Host
import SystemPackage

extension Builder {
  /// Makes `rootfs.tar` of Alpine: a base out of the minirootfs, packages on a base; both by the apk that is in it, with
  /// its own keys and those of the manifest.
  func alpineRootfs(_ source: RootfsSource) async throws(HostError) {
    var variables = try await gatherAlpine(source.locked, from: source.from)
    if let base = try base(of: source) {
      variables["BASE"] = base.string
      try await run(Self.alpineLayer, variables, arguments: source.packages)
    } else {
      variables["TARBALL"] = try await minirootfs(source.from).string
      guard let base = BuilderSchema.alpineBase(source.locked ?? []) else {
        throw HostError(attempted, .missing("an ssh server among the locked packages"))
      }
      variables["SERVER"] = base.server
      variables["CONSOLE"] = source.from.arch == "aarch64" ? "ttyAMA0" : "ttyS0"
      try await run(Self.alpineBase, variables, arguments: base.packages)
    }
    try folder.appending(Self.lockedFile).unlink()
  }

  /// Makes the kernel of the package `linux-virt`.
  func alpineKernel(
    _ source: PackageSource, _ locked: [LockedPackage]?, fingerprint: Fingerprint
  ) async throws(HostError) {
    var variables = try await gatherAlpine(locked, from: source)
    variables["TARBALL"] = try await minirootfs(source).string
    variables["UUID"] = fingerprint.uuid
    try await run(Self.initramfs + Self.alpineKernelScript + Self.modulesScript, variables)
    try folder.appending(Self.lockedFile).unlink()
  }

  static let alpineKernelPackages = ["linux-virt", "busybox-static"]

  private func minirootfs(_ source: PackageSource) async throws(HostError) -> FilePath {
    try await MinirootfsCache(
      folder: PackageCache(of: source, in: data, digests: cache).minirootfs, scratch: folder, attempted: attempted,
      log: log, progress: progress
    ).tarball(of: source)
  }

  /// Makes sure that the cache holds these packages, and says so in `lockedFile`: lines of file, name, version and
  /// identity. Returns what the scripts read of them and of their mirror.
  private func gatherAlpine(
    _ locked: [LockedPackage]?, from source: PackageSource
  ) async throws(HostError) -> [String: String] {
    guard let locked else { throw HostError(attempted, .missing("the lock of the packages of \(source.cacheName)")) }
    let cache = PackageCache(of: source, in: data, digests: cache)
    try cache.folder.makeFolders()
    let lacking = try cache.lacking(locked)
    if !lacking.isEmpty {
      try await AlpineInquiry.open(source, cache, attempted, log: log, progress: progress).fetch(lacking)
    }
    let held = try cache.apks(of: locked)
    let lines = locked.compactMap { package in held[package].map { "\($0.name) \(package.line)\n" } }
    guard lines.count == locked.count else {
      throw HostError(attempted, .missing("a package of \(source.cacheName) in \(cache.folder)"))
    }
    try folder.appending(Self.lockedFile).replaceContents(Array(lines.joined().utf8))
    return try emulation(of: source.arch).merging([
      "REPOSITORIES": source.repositories.map { "\($0)\n" }.joined(), "APKS": cache.folder.string, "NETWORK": "yes",
    ]) { _, own in own }
  }

  /// `index_lines FILE...` makes of each paragraph of an index one line of name, version and identity.
  static let indexScript = #"""
    index_lines() {
      awk '
        /^P:/ { name = substr($0, 3) }
        /^V:/ { version = substr($0, 3) }
        /^C:/ { identity = substr($0, 3) }
        /^$/ { if (name != "") print name, version, identity; name = "" }
        END { if (name != "") print name, version, identity }
      ' "$@"
    }

    """#

  private static let apk = hookScript + archiveScript + treeScript + indexScript + apkScript
  static let alpineBase = apk + minirootfsScript + alpineBaseScript
  static let alpineLayer = apk + alpineLayerScript
  static let alpineKernelScript = apk + minirootfsScript + linuxScript

  /// In words of sed and tar: a file of the cache as a mirror would call it.
  private static let plainName = "s/\\.[0-9a-f]\\{\(PackageCache.digestLength)\\}\\.apk$/.apk/"

  /// `apk COMMAND...` runs the apk of the tree. `begin_apk` and `end_packages` stand around it. It is not atomic: what fails
  /// leaves a tree that is thrown away. `add_locked OPTION...` installs what `$OUT/locked` says and nothing else; `want
  /// NAME...` makes that what apk takes for asked for, besides what the tree had before.
  private static let apkScript = #"""
    apk() { in_tree /sbin/apk --no-progress --cache-dir /var/cache/apk --no-network "$@"; }
    begin_apk() {
      begin_packages
      for key in "$OUT"/keys/*.rsa.pub; do
        [ ! -e "$key" ] || within sh -ec '/.meros/busybox cat >"/etc/apk/keys/$1"' sh "${key##*/}" <"$key"
      done
      printf %s "$REPOSITORIES" | within sh -ec '/.meros/busybox cat >/etc/apk/repositories'
      within cat /etc/apk/world >"$WORK/world"
    }
    add_locked() {
      phase installing packages
      cut -d ' ' -f 1 "$OUT/locked" >"$WORK/files"
      [ -s "$WORK/files" ] || return 0
      within mkdir -p /var/cache/apk
      tar -c -C "$APKS" --transform='\#(plainName)' -T "$WORK/files" -f - | within tar -x -C /var/cache/apk -f -
      files=$(sed '\#(plainName); s|^|/var/cache/apk/|' "$WORK/files")
      # apk takes a name for the version that it finds in a file, and checks signatures, but knows no lock.
      apk --quiet index --no-warnings --output /var/cache/apk/index $files
      within cat /var/cache/apk/index | tar -x -z -O -f - APKINDEX | index_lines |
        LC_ALL=C sort >"$WORK/found"
      cut -d ' ' -f 2- "$OUT/locked" | LC_ALL=C sort | comm -23 - "$WORK/found" >"$WORK/other"
      if [ -s "$WORK/other" ]; then
        fail "the file of a package is not what the lock file says: $(cat "$WORK/other")"
      fi
      apk add --repositories-file /dev/null "$@" $files
    }
    want() {
      { cat "$WORK/world"; printf '%s\n' "$@"; } | LC_ALL=C sort -u |
        within sh -ec '/.meros/busybox cat >/etc/apk/world'
    }

    """#

  private static let minirootfsScript = #"""
    phase unpacking the minirootfs
    tar -x -z -p --numeric-owner -f "$TARBALL" -C "$root"
    [ -e "$root/sbin/apk" ] || fail "there is no /sbin/apk in the minirootfs"
    begin_apk

    """#

  private static let alpineBaseScript = #"""
    add_locked
    want "$@"
    end_packages

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
    ' sh "$CONSOLE" "$SERVER"
    [ -e "$root/sbin/openrc" ] || fail "there is no /sbin/openrc in the package openrc"
    pack_tree
    """#

  private static let alpineLayerScript = #"""
    unpack_base
    begin_apk
    add_locked
    want "$@"
    end_packages
    pack_tree
    """#

  /// Scripts would make an initramfs that nobody needs.
  private static let linuxScript = #"""
    add_locked --no-scripts
    end_packages
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
