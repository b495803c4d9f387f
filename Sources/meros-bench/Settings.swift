import Glibc
import SystemPackage

/// What the cases are run with.
struct Settings {
  var meros: FilePath
  /// nil: machines without a distribution.
  var dataDirectory: FilePath?
  /// A git repository of Linux; nil: no kernel is compiled.
  var kernelRepository: FilePath?
  /// nil: as many as the case thinks right.
  var rounds: Int?

  /// Both are built into one folder.
  static func merosBesideThis() throws -> FilePath {
    guard let path = unsafe realpath("/proc/self/exe", nil) else { throw Errno(rawValue: errno) }
    defer { unsafe free(path) }
    return unsafe FilePath(platformString: path).removingLastComponent().appending("meros")
  }
}
