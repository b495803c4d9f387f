import Glibc
import SystemPackage

@testable import LinuxHost

/// Calls `body` with a new folder, and deletes it afterwards.
func withTemporaryFolder<Result>(_ body: (FilePath) async throws -> Result) async throws -> Result {
  let folder = FilePath("/tmp/meros-test-\(getpid())-\(UInt64.random(in: 0 ... .max))")
  try folder.makeFolders()
  do {
    let result = try await body(folder)
    try folder.removeTree()
    return result
  } catch {
    try folder.removeTree()
    throw error
  }
}

extension FilePath {
  /// Writes a file, with the folders above it.
  func write(_ text: String, mode: UInt16 = 0o644) throws {
    try removingLastComponent().makeFolders()
    try replaceContents(Array(text.utf8), permissions: FilePermissions(rawValue: CInterop.Mode(mode)))
    _ = unsafe withPlatformString { unsafe chmod($0, mode_t(mode)) }
  }

  func text() throws -> String { String(decoding: try contents(), as: UTF8.self) }
}
