import Host
import SystemPackage

extension Builder {
  /// `copy_databases` copies those of dpkg and apk out of the tree `$root`; empty files where it has none. Needs
  /// `hookScript` before it.
  static let databaseScript = #"""
    copy_databases() {
      for database in /var/lib/dpkg/status /lib/apk/db/installed; do
        within sh -c '[ ! -f "$1" ] || /.meros/busybox cat "$1"' sh "$database" >"$OUT/${database##*/}"
      done
    }

    """#

  /// Lists beside the image what its databases, as `databaseScript` copies them, say is installed.
  func listPackages() throws(HostError) {
    let (dpkg, apk) = (folder.appending("status"), folder.appending("installed"))
    let packages =
      InstalledPackage.all(inDpkgStatus: String(decoding: try dpkg.contents(), as: UTF8.self))
      + InstalledPackage.all(inAPKDatabase: String(decoding: try apk.contents(), as: UTF8.self))
    try InstalledPackage.write(packages, in: folder)
    try dpkg.unlink()
    try apk.unlink()
  }
}
