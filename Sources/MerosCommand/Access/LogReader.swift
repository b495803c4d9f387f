import Glibc
import LinuxHost
import SystemPackage

/// Reads a log line by line, and on as it grows. A new file in its place is read from its beginning.
final class LogReader {
  private let path: FilePath
  private var file: (descriptor: FileDescriptor, inode: UInt64)?
  private var rest: [UInt8] = []

  init(_ path: FilePath) { self.path = path }

  deinit { close() }

  /// The lines that have come since it was last asked, without what a terminal would obey; none where there is no log.
  func lines() -> [String] {
    var bytes = rest + unread()
    if let file, let now = Self.inode(at: path), now != file.inode {
      // What was written between the last read and the change of files.
      bytes += unread()
      close()
      bytes += unread()
    }
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    rest = Array(bytes[end...])
    return bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
      .map { SerialLog.plain($0) }
  }

  /// What stands behind the last line's end; nil when nothing does.
  func unfinished() -> String? {
    defer { rest = [] }
    return rest.isEmpty ? nil : SerialLog.plain(rest[...])
  }

  private func unread() -> [UInt8] {
    if file == nil, let inode = Self.inode(at: path),
      // A log that cannot be opened is as good as none.
      let descriptor = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    {
      file = (descriptor, inode)
    }
    guard let file else { return [] }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    // Where reading fails nothing more is to be had.
    while let count = try? unsafe buffer.withUnsafeMutableBytes({ try unsafe file.descriptor.read(into: $0) }),
      count > 0
    {
      bytes += buffer[..<count]
    }
    return bytes
  }

  private func close() {
    // It was only read.
    try? file?.descriptor.close()
    file = nil
  }

  private static func inode(at path: FilePath) -> UInt64? {
    var status = stat()
    return unsafe path.withPlatformString({ unsafe stat($0, &status) }) == 0 ? UInt64(status.st_ino) : nil
  }
}
