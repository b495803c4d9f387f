import Host

extension Builder {
  /// `mmdebstrap_from OPTION... TARGET` runs mmdebstrap with what the variables say of the mirror: `DISTRIBUTION`,
  /// `RELEASE`, `MIRROR`, `SOURCES`, and the keys in `$OUT/keys`. Its hooks are small scripts, so that they get their
  /// variables from the environment alone; `$WORK/before` is one that others add to. Its first argument is the tree.
  static let mirrorScript = emulationScript + mirrorFunctions

  /// Needs `emulated`.
  static let mirrorFunctions = #"""
    export TMPDIR="$WORK" WORK OUT SOURCES RELEASE
    cat >"$WORK/before" <<'END'
    set -eu
    export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
    mkdir -p "$1/etc/apt/sources.list.d" "$1/etc/apt/trusted.gpg.d"
    mkdir -p "$1/var/cache/apt/archives/partial" "$1/var/lib/apt/lists/partial"
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
      emulated mmdebstrap --aptopt='Acquire::Retries "3"' --setup-hook='sh "$WORK/before" "$1"' "$@"
    }

    """#

  /// Needs `keepScript`. `ask_mirror OPTION...` lets what was added to `$WORK/before` ask the mirror, by apt, and makes no
  /// tree. The lists of the mirror are there then. Those of `$LISTS` do where the mirror does not answer, unless `STRICT`
  /// says yes; they are kept in there. `update TREE` gets them, which is done beforehand unless `LATER` says yes.
  static let askScript = #"""
    export LISTS STRICT LATER
    cat >>"$WORK/before" <<'END'
    strict=--error-on=any
    if [ -n "$(ls -A "$LISTS")" ]; then
      cp -p "$LISTS"/* "$1/var/lib/apt/lists/"
      [ "$STRICT" = yes ] || strict=
    fi
    update() {
      echo "I: running apt-get update..." >&2
      apt-get -q update $strict >&2
      sh "$WORK/keep" "$LISTS" "$1"/var/lib/apt/lists/*
    }
    [ "$LATER" = yes ] || update "$1"
    END
    # Nothing of the tree is executed.
    REGISTRATION=
    ask_mirror() {
      mode=root
      [ "$(id -u)" = 0 ] || mode=chrootless
      mmdebstrap_from "$@" --mode="$mode" --variant=custom --format=null --skip=check/qemu,update,cleanup/apt \
        "$RELEASE" -
    }

    """#

  /// `universe TREE` makes the packages of `$OUT/locked`, lines of a file's name in `$DEBS` and its digest, all that apt
  /// knows of besides those that are installed in the tree, in place of what any mirror has: `$WORK/universe` is an archive
  /// of them alone, and their files are in the cache of the tree, so that nothing is fetched from anywhere.
  static let universeScript = #"""
    export DEBS RELEASE
    cat >"$WORK/universe.sh" <<'END'
    set -eu
    place="$WORK/universe"
    archives="$1/var/cache/apt/archives"
    mkdir -p "$place" "$archives/partial"
    cut -d ' ' -f 1 "$OUT/locked" >"$place/names"
    ( cd "$DEBS"; xargs -r cp -t "$archives" <"$place/names" )
    ( cd "$archives"
      set --
      for kind in MD5 SHA1 SHA512; do set -- "$@" -o "APT::FTPArchive::$kind=false"; done
      apt-ftparchive "$@" packages . ) >"$place/Packages"
    cut -d ' ' -f 2 "$OUT/locked" | sort >"$place/locked"
    sed -n 's/^SHA256: //p' "$place/Packages" | sort >"$place/found"
    if ! cmp -s "$place/locked" "$place/found"; then
      echo "the packages in the cache are others than those that are locked" >&2
      exit 1
    fi
    printf 'Suite: %s\nCodename: %s\nSHA256:\n %s %s Packages\n' "$RELEASE" "$RELEASE" \
      "$(sha256sum <"$place/Packages" | cut -d ' ' -f 1)" "$(stat -c %s "$place/Packages")" >"$place/Release"
    END
    universe() { sh "$WORK/universe.sh" "$1"; }

    """#
}
