extension AlpineInquiry {
  /// `confined PROGRAM...` runs a program of the tree, shut in that and without any right, the network apart. `put FILE`
  /// writes a file in there, `take FILE` reads one: no link leads out. `apk` is that of the tree.
  static let confinement = #"""
    tree="$WORK/tree"
    mkdir "$tree"
    tar -x -z --no-same-owner --exclude='./dev/*' -f "$TARBALL" -C "$tree"
    rm -rf "$tree/.meros"
    mkdir "$tree/.meros"
    find_busybox
    cp "$busybox" "$tree/.meros/busybox"
    [ -z "$EMULATOR" ] || cp "$EMULATOR" "$tree/.meros/emulator"
    own=
    [ "$(id -u)" = 0 ] || own="--user --map-root-user"
    confined() {
      program=$1
      shift
      set -- --shell="$program" -- "$@"
      set -- unshare $own --mount --propagation private --pid --fork --kill-child=KILL --ipc --uts \
        capsh --inh= --chroot="$tree" --drop=all --no-new-privs "$@"
      for proxy in http_proxy https_proxy no_proxy; do
        eval "value=\${$proxy:-}"
        [ -z "$value" ] || set -- "$proxy=$value" "$@"
      done
      env -i PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
    }
    inside() { confined /.meros/busybox "$@"; }
    put() { inside sh -ec '/.meros/busybox rm -f "$1"; /.meros/busybox cat >"$1"' sh "$1"; }
    take() { inside cat "$1" </dev/null; }
    apk() {
      set -- --no-progress --cache-dir /.meros/cache --cache-max-age 10000000 "$@"
      if [ -n "$EMULATOR" ]; then
        confined /.meros/emulator /sbin/apk "$@" </dev/null
      else
        confined /sbin/apk "$@" </dev/null
      fi
    }
    inside mkdir -p /etc/apk/keys /.meros/cache /.meros/files </dev/null
    for file in /etc/resolv.conf /etc/hosts; do
      if [ -e "$file" ]; then put "$file" <"$file"; fi
    done
    for key in "$WORK"/keys/*.rsa.pub; do
      if [ -e "$key" ]; then put "/etc/apk/keys/${key##*/}" <"$key"; fi
    done
    printf %s "$REPOSITORIES" >"$WORK/repositories"
    put /etc/apk/repositories <"$WORK/repositories"
    : >"$WORK/listed"
    mkdir "$WORK/records"

    """#

  /// `examine FOLDER` finds out what the packages in a folder are: of each that is whole and signed with a known key there
  /// is what an index would have of it in `$WORK/records`, by the SHA-256 of the file; `$WORK/held` lists them. What is
  /// none is said, and taken out of the folder.
  static let examination = #"""
    cat >"$WORK/split.awk" <<'END'
    # Each paragraph into the file NAME-VERSION.apk of `folder`.
    BEGIN { RS = ""; FS = "\n" }
    {
      name = version = ""
      for (i = 1; i <= NF; i++) {
        if ($i ~ /^P:/) name = substr($i, 3)
        if ($i ~ /^V:/) version = substr($i, 3)
      }
      file = name "-" version ".apk"
      if (file ~ /\//) next
      print $0 "\n" >(folder "/" file)
      close(folder "/" file)
    }
    END
    examine() {
      inside rm -rf /.meros/files /.meros/index </dev/null
      inside mkdir /.meros/files </dev/null
      tar -c -C "$1" . | inside tar -x -C /.meros/files -f -
      set -f
      apk verify $(ls "$1" | sed 's|^|/.meros/files/|') >"$WORK/verdicts" 2>&1 || :
      # "FILE: 0 - OK", and of apk 3 "FILE: OK".
      sed -n 's|^/.meros/files/\([^ ]*\): \(0 - \)\{0,1\}OK$|\1|p' "$WORK/verdicts" >"$WORK/good"
      sed '/: \(0 - \)\{0,1\}OK$/d; s|^/.meros/files/||' "$WORK/verdicts" >&2
      rm -rf "$WORK/said"
      mkdir "$WORK/said"
      if [ -s "$WORK/good" ]; then
        apk --quiet index --no-warnings --output /.meros/index $(sed 's|^|/.meros/files/|' "$WORK/good") >&2
        take /.meros/index | tar -x -z -O -f - APKINDEX | awk -v folder="$WORK/said" -f "$WORK/split.awk"
      fi
      set +f
      for file in "$1"/*; do
        if [ -e "$WORK/said/${file##*/}" ]; then
          mv "$WORK/said/${file##*/}" "$WORK/records/$(sha256sum "$file" | cut -d ' ' -f 1)"
        else
          rm -f "$file"
        fi
      done
      cat "$WORK"/records/* 2>/dev/null | index_lines >"$WORK/held"
    }
    # Those of a file that are not at hand.
    lacking() { grep -vxF -f "$WORK/held" "$1" || :; }
    : >"$WORK/held"

    """#
}
