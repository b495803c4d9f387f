extension Builder {
  /// `lay_archives` unpacks `ARCHIVES` over the tree `$root`, the later over the earlier. Folders that the tree has before
  /// keep their modes and owners, whatever those of the archives are, and whichever links lead to them. Needs `hookScript`
  /// before it.
  static let filesScript = #"""
    # MODE UID:GID PATH of each folder, NUL-terminated.
    list_folders() { find "$root" -xdev -type d -printf '%m %U:%G %P\0' | LC_ALL=C sort -z; }
    lay_archives() {
      [ -n "$ARCHIVES" ] || return 0
      list_folders >"$WORK/folders"
      for archive in $ARCHIVES; do
        phase copying files
        EXTRACT_UNSAFE_SYMLINKS=1 within tar -x -p -f - -C / <"$OUT/$archive"
      done
      list_folders | LC_ALL=C comm -z -23 "$WORK/folders" - >"$WORK/changed"
      within xargs -0 -r -n 1 /.meros/busybox sh -ec '
        b=/.meros/busybox mode=${1%% *} rest=${1#* }
        folder="/${rest#* }"
        if [ -d "$folder" ] && [ ! -L "$folder" ]; then
          $b chown "${rest%% *}" "$folder"
          $b chmod "$mode" "$folder"
        fi
      ' sh <"$WORK/changed"
    }

    """#
}
