extension Builder {
  /// Compiles a kernel, contained: as a user that owns nothing else (`USER`), without any right or network, with the
  /// sources read-only. Sources and results lie at the same paths wherever the data directory is, so that paths in what
  /// is compiled are the same too. `make` sees the variables that are written here, and none of the caller's.
  static let compileScript = #"""
    base=/run/meros/build
    [ -d /run/meros ] || mkdir -m 711 /run/meros
    mkdir -p "$base"
    mount -t tmpfs -o mode=0755,nosuid,nodev meros "$base"
    mkdir "$base/source" "$base/output" "$base/ccache" "$base/tmp"
    mount --bind "$SOURCE" "$base/source"
    mount -o remount,bind,ro,nosuid,nodev "$base/source"
    mount --bind "$OUTPUT" "$base/output"
    chown -R "$USER:$USER" "$base/output"
    chown "$USER:$USER" "$base/tmp"
    ccache=
    if command -v ccache >/dev/null && mkdir -p "$CCACHE"; then
      ccache="ccache "
      chown "$USER:$USER" "$CCACHE"
      mount --bind "$CCACHE" "$base/ccache"
    fi
    printf %s "$CONFIGURATION" >"$base/wanted"
    compile() {
      { unshare --net setpriv --reuid="$USER" --regid="$USER" --clear-groups --no-new-privs --inh-caps=-all \
        --bounding-set=-all env -i PATH="$PATH" HOME="$base/tmp" TMPDIR="$base/tmp" LC_ALL=C \
        CCACHE_DIR="$base/ccache" CCACHE_MAXSIZE=4G KCONFIG_ALLCONFIG="$base/wanted" \
        KBUILD_BUILD_TIMESTAMP="$(date -u -d "@$SOURCE_DATE_EPOCH")" KBUILD_BUILD_USER=meros \
        KBUILD_BUILD_HOST=meros KBUILD_BUILD_VERSION=1 \
        make -C "$base/source" O="$base/output" ARCH="$MAKE_ARCH" CROSS_COMPILE="$PREFIX" \
        CC="${ccache}${PREFIX}gcc" HOSTCC="${ccache}gcc" -j"$(nproc)" "$@" 2>&1 || echo "$?" >"$WORK/status"; } |
        tee "$WORK/said"
      [ -e "$WORK/status" ] || return 0
      # With many jobs, what went wrong is said long before the end.
      grep -E '(: |fatal )error:|: undefined reference|\*\*\*|rror [0-9]' "$WORK/said" | tail -n 18 || :
      fail "make $* ended with exit code $(cat "$WORK/status")"
    }

    """#

  static let configureScript = #"""
    phase configuring
    compile allnoconfig
    """#

  static let makeScript = #"""
    phase compiling
    compile "$TARGET"
    """#

  static let packScript = #"""
    phase making the initramfs
    choose_busybox
    initramfs "$busybox"
    pack
    """#
}
