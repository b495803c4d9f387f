import Host
import SystemPackage

extension Builder {
  /// Makes `rootfs.tar` of Debian or Ubuntu: a base by mmdebstrap, packages on a base by the apt that is in it.
  func debianRootfs(_ source: RootfsSource) async throws(HostError) {
    let architecture = try source.from.debianArchitecture(attempted)
    let debs = data.cache.appending("debs").appending(source.from.cacheName)
    let lists = data.cache.appending("lists").appending(source.from.cacheName)
    try debs.makeFolders()
    try lists.makeFolders()
    var variables = ["DEBS": debs.string, "LISTS": lists.string, "NETWORK": "yes"]
    variables.merge(try emulation(of: source.from.arch)) { _, later in later }
    if let base = try base(of: source) {
      variables["BASE"] = base.string
      try await run(Self.debianLayer, variables, arguments: source.packages)
    } else {
      let packages = BuilderSchema.basePackages(of: source.from.distribution)
      variables.merge(source.from.variables) { _, later in later }
      variables["PACKAGES"] = packages.joined(separator: ",")
      try await run(Self.debianBase, variables, arguments: source.from.options(architecture))
    }
  }

  static let debianBase = mirrorScript + keepScript + debianBaseScript
  static let debianLayer = hookScript + treeScript + keepScript + debianLayerScript

  /// `mmdebstrap_from OPTION... TARGET` runs mmdebstrap with what the variables say of the mirror: `DISTRIBUTION`,
  /// `RELEASE`, `MIRROR`, `SOURCES`, and the keys in `$OUT/keys`. Its hooks are small scripts, so that they get their
  /// variables from the environment alone; `$WORK/before` is one that others may add to.
  static let mirrorScript = emulationScript + mirrorFunctions

  private static let mirrorFunctions = #"""
    export TMPDIR="$WORK" SOURCES OUT
    cat >"$WORK/before" <<'END'
    set -eu
    mkdir -p "$1/etc/apt/sources.list.d" "$1/etc/apt/trusted.gpg.d"
    if [ -n "$SOURCES" ]; then printf %s "$SOURCES" >"$1/etc/apt/sources.list.d/meros.list"; fi
    find "$OUT/keys" -type f -exec cp -t "$1/etc/apt/trusted.gpg.d" {} + 2>/dev/null || :
    END
    mmdebstrap_from() {
      if [ -n "$(ls -A "$OUT/keys" 2>/dev/null)" ]; then
        # Given keys stand beside those that the host trusts, not in their place.
        mkdir -p "$WORK/keyrings"
        for key in /etc/apt/trusted.gpg.d/* "/usr/share/keyrings/$DISTRIBUTION-archive-keyring.gpg" "$OUT"/keys/*; do
          [ ! -f "$key" ] || cp "$key" "$WORK/keyrings/"
        done
        set -- --keyring="$WORK/keyrings" "$@"
      fi
      if [ -n "$MIRROR" ]; then set -- "$@" "$MIRROR"; fi
      # It looks for handlers that the whole machine knows of.
      if [ -n "$REGISTRATION" ]; then set -- --skip=check/qemu "$@"; fi
      emulated mmdebstrap --aptopt='Acquire::Retries "3"' --setup-hook="sh '$WORK/before' \"\$1\"" "$@"
    }

    """#

  private static let debianBaseScript = #"""
    export DEBS LISTS WORK
    cat >>"$WORK/before" <<'END'
    mkdir -p "$1/var/cache/apt/archives/partial" "$1/var/lib/apt/lists/partial"
    find "$DEBS" -maxdepth 1 -name '*.deb' -exec cp -t "$1/var/cache/apt/archives" {} +
    # The lists of the last build do where the mirror does not answer.
    strict=--error-on=any
    if [ -n "$(ls -A "$LISTS")" ]; then
      cp "$LISTS"/* "$1/var/lib/apt/lists/"
      strict=
    fi
    echo "I: running apt-get update..." >&2
    APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get update $strict
    END
    cat >"$WORK/after" <<'END'
    set -eu
    sh "$WORK/keep" "$DEBS" "$1"/var/cache/apt/archives/*.deb
    sh "$WORK/keep" "$LISTS" "$1"/var/lib/apt/lists/*
    rm -f "$1"/etc/ssh/ssh_host_* "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$1/etc/apt/apt.conf.d/99mmdebstrap"
    rm -f "$1/etc/resolv.conf" "$1/etc/hostname" "$1"/var/cache/apt/archives/*.deb
    : >"$1/etc/machine-id"
    rm -f "$1/var/lib/dbus/machine-id" "$1/var/lib/systemd/random-seed"
    END
    mmdebstrap_from "$@" --variant=apt --format=tar --include="$PACKAGES" --dpkgopt=force-unsafe-io \
      --skip=update --skip=download/empty --skip=essential/unlink --customize-hook="sh '$WORK/after' \"\$1\"" \
      "$RELEASE" "$OUT/rootfs.tar"
    """#

  private static let debianLayerScript = #"""
    unpack_base
    begin_packages
    archives="$root/var/cache/apt/archives"
    lists="$root/var/lib/apt/lists"
    mkdir -p "$archives/partial" "$lists/partial"
    strict=--error-on=any
    if [ -n "$(ls -A "$LISTS")" ]; then
      cp "$LISTS"/* "$lists/"
      strict=
    fi
    phase updating package lists
    apt() { in_tree apt-get -q -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@"; }
    apt update $strict
    install() { apt install --yes --no-install-recommends -o DPkg::Options::=--force-unsafe-io "$@"; }
    # Of thousands that may be kept, those that are asked for now.
    install --print-uris "$@" >"$WORK/uris"
    awk "/^'/ { print \$2 }" "$WORK/uris" | while read -r name; do
      [ ! -e "$DEBS/$name" ] || cp "$DEBS/$name" "$archives/"
    done
    phase installing packages
    install "$@"
    end_packages
    sh "$WORK/keep" "$DEBS" "$archives"/*.deb
    sh "$WORK/keep" "$LISTS" "$lists"/*
    within rm -f /var/lib/dbus/machine-id /var/lib/systemd/random-seed
    pack_tree
    """#
}
