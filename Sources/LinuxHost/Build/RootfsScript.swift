import Host
import SystemPackage

extension Builder {
  /// Makes `rootfs.tar`.
  func rootfs(_ source: RootfsSource) async throws(HostError) {
    let architecture = try source.from.debianArchitecture(attempted)
    let debs = data.cache.appending("debs").appending(source.from.cacheName)
    try debs.makeFolders()
    let packages = Set(BuilderSchema.basePackages).union(source.packages).sorted()
    try await run(
      Self.rootfsScript,
      [
        "RELEASE": source.from.release, "PACKAGES": packages.joined(separator: ","), "DEBS": debs.string,
        "SOURCES": source.from.sources.map { $0 + "\n" }.joined(), "MIRROR": source.from.mirror ?? "",
      ],
      arguments: source.from.options(architecture))
  }

  /// The hooks of mmdebstrap are small scripts, so that they get their variables from the environment alone.
  static let rootfsScript = #"""
    export TMPDIR="$WORK"
    export DEBS SOURCES
    cat >"$WORK/before" <<'END'
    set -eu
    mkdir -p "$1/var/cache/apt/archives/partial" "$1/etc/apt/sources.list.d"
    find "$DEBS" -maxdepth 1 -name '*.deb' -exec cp -t "$1/var/cache/apt/archives" {} +
    if [ -n "$SOURCES" ]; then printf %s "$SOURCES" >"$1/etc/apt/sources.list.d/meros.list"; fi
    END
    cat >"$WORK/after" <<'END'
    set -eu
    for deb in "$1"/var/cache/apt/archives/*.deb; do
      [ -e "$deb" ] || continue
      name=${deb##*/}
      if [ ! -e "$DEBS/$name" ]; then cp "$deb" "$DEBS/.$name.$$"; mv "$DEBS/.$name.$$" "$DEBS/$name"; fi
    done
    rm -f "$1"/etc/ssh/ssh_host_* "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$1/etc/apt/apt.conf.d/99mmdebstrap"
    rm -f "$1/etc/resolv.conf" "$1/etc/hostname" "$1"/var/cache/apt/archives/*.deb
    : >"$1/etc/machine-id"
    rm -f "$1/var/lib/dbus/machine-id" "$1/var/lib/systemd/random-seed"
    END
    chmod 755 "$WORK/before" "$WORK/after"
    if [ -n "$MIRROR" ]; then set -- "$@" "$RELEASE" "$OUT/rootfs.tar" "$MIRROR"
    else set -- "$@" "$RELEASE" "$OUT/rootfs.tar"; fi
    mmdebstrap --variant=apt --format=tar --include="$PACKAGES" \
      --dpkgopt=force-unsafe-io --aptopt='Acquire::Retries "3"' \
      --skip=download/empty --skip=essential/unlink \
      --setup-hook="sh '$WORK/before' \"\$1\"" --customize-hook="sh '$WORK/after' \"\$1\"" "$@"
    """#
}
