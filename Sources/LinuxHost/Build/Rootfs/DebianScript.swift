import Host
import SystemPackage

extension Builder {
  /// Makes `rootfs.tar` of Debian or Ubuntu: a base by mmdebstrap, packages on a base by the apt that is in it.
  func debianRootfs(_ source: RootfsSource) async throws(HostError) {
    let architecture = try source.from.debianArchitecture(attempted)
    var variables = try await gather(source.locked, from: source.from)
    variables.merge(try emulation(of: source.from.arch)) { _, later in later }
    if let base = try base(of: source) {
      variables["BASE"] = base.string
      variables["NETWORK"] = ""
      // Which version, or of which release, the lock says.
      let names = source.packages.map { String($0.prefix { !"=/".contains($0) }) }
      try await run(Self.debianLayer, variables, arguments: names)
    } else {
      variables["PACKAGES"] = BuilderSchema.basePackages(of: source.from.distribution).joined(separator: ",")
      try await run(Self.debianBase, variables, arguments: source.from.options(architecture))
    }
    try folder.appending(Self.lockedFile).unlink()
  }

  static let debianBase = mirrorScript + universeScript + lockedScript + archiveScript + debianBaseScript
  static let debianLayer = hookScript + archiveScript + treeScript + universeScript + debianLayerScript

  /// mmdebstrap sees what is locked in the place of the mirror; `$WORK/after` is a script that puts that back.
  static let lockedScript = #"""
    cat >>"$WORK/before" <<'END'
    sh "$WORK/universe.sh" "$1"
    mkdir "$WORK/sources"
    mv "$1"/etc/apt/sources.list* "$WORK/sources/"
    mkdir "$1/etc/apt/sources.list.d"
    # Each byte as apt decodes it again.
    place=$(printf %s "$WORK" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g; s,%2f,/,g')
    echo "deb [trusted=yes] copy:$place/universe ./" >"$1/etc/apt/sources.list"
    apt-get -q update --error-on=any
    END
    cat >"$WORK/after" <<'END'
    set -eu
    rm -rf "$1"/etc/apt/sources.list*
    mv "$WORK"/sources/sources.list* "$1/etc/apt/"
    END

    """#

  /// Its ssh server makes no keys where it finds files of their names: each machine gets its own, and it takes long.
  private static let debianBaseScript = #"""
    cat >>"$WORK/before" <<'END'
    mkdir "$1/etc/ssh"
    ( cd "$1/etc/ssh"; touch ssh_host_rsa_key ssh_host_ecdsa_key ssh_host_ed25519_key )
    END
    cat >>"$WORK/after" <<'END'
    rm -f "$1"/etc/ssh/ssh_host_* "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$1/etc/apt/apt.conf.d/99mmdebstrap"
    rm -f "$1/etc/resolv.conf" "$1/etc/hostname" "$1"/var/cache/apt/archives/*.deb
    : >"$1/etc/machine-id"
    rm -f "$1/var/lib/dbus/machine-id" "$1/var/lib/systemd/random-seed"
    END
    mmdebstrap_from "$@" --variant=apt --format=directory --include="$PACKAGES" --dpkgopt=force-unsafe-io \
      --skip=update,download/empty,essential/unlink --customize-hook='sh "$WORK/after" "$1"' \
      "$RELEASE" "$WORK/root"
    write_archive "$WORK/root"
    """#

  private static let debianLayerScript = #"""
    unpack_base
    begin_packages
    universe "$root"
    # In the tree, where only the build sees it.
    place="$root/run/universe"
    mkdir -p "$place/lists/partial"
    cp "$WORK/universe/Packages" "$WORK/universe/Release" "$place/"
    echo "deb [trusted=yes] copy:/run/universe ./" >"$place/sources.list"
    apt() {
      in_tree apt-get -q -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 -o Dir::Etc::sourcelist=/run/universe/sources.list \
        -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=/run/universe/lists "$@"
    }
    apt update --error-on=any
    phase installing packages
    apt install --yes --no-install-recommends -o DPkg::Options::=--force-unsafe-io "$@"
    end_packages
    within rm -f /var/lib/dbus/machine-id /var/lib/systemd/random-seed
    pack_tree
    """#
}
