import Glibc
package import Host
package import SystemPackage

extension FilePath {
  /// The whole file. Throws where it is missing, no regular file, or larger than `limit` bytes.
  package func contents(limit: Int = 64 << 20) throws(HostError) -> [UInt8] {
    do {
      let file = try FileDescriptor.openRegular(self)
      return try file.closeAfter {
        var all: [UInt8] = []
        // Files of /proc say 0; one byte more than the size finds the end in the second read.
        let size = Int(clamping: try file.stat().size)
        var buffer = [UInt8](repeating: 0, count: size == 0 ? 4096 : min(size + 1, 1 << 20))
        while true {
          let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
          if count == 0 { return all }
          guard all.count + count <= limit else {
            throw HostError("read \(self)", .malformed("\(self)", "larger than \(limit) bytes"))
          }
          all += buffer[..<count]
        }
      }
    } catch let error as HostError {
      throw error
    } catch {
      throw HostError("read \(self)", .system(errno: error.number, call: "open"))
    }
  }

  /// As `contents`, but nil where there is no such file.
  package func contentsIfPresent(limit: Int = 64 << 20) throws(HostError) -> [UInt8]? {
    do {
      return try contents(limit: limit)
    } catch  where error.isMissingFile {
      return nil
    }
  }

  /// The first `count` bytes, or all that there are; nil when there is no such file.
  func beginningIfPresent(count: Int) throws(HostError) -> [UInt8]? {
    do {
      let file = try FileDescriptor.openRegular(self)
      return try file.closeAfter {
        var bytes = [UInt8](repeating: 0, count: count)
        let length = try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(fromAbsoluteOffset: 0, into: $0) }
        return Array(bytes[..<length])
      }
    } catch let error as HostError {
      throw error
    } catch {
      let error = HostError("read \(self)", .system(errno: error.number, call: "read"))
      if error.isMissingFile { return nil }
      throw error
    }
  }

  /// Makes the file hold these bytes: written beside its place, synced, renamed.
  package func replaceContents(
    _ bytes: [UInt8], permissions: FilePermissions = [.ownerReadWrite]
  ) throws(HostError) {
    let beside = FilePath("\(self).tmp-\(Glibc.getpid())-\(UInt32.random(in: 0 ... .max))")
    do {
      let file = try FileDescriptor.open(
        beside, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: permissions)
      try file.closeAfter {
        try file.writeAll(bytes)
        guard fsync(file.rawValue) == 0 else { throw Errno.current }
      }
    } catch {
      beside.unlinkQuietly()
      throw HostError("write \(self)", .system(errno: error.number, call: "write"))
    }
    do throws(HostError) {
      try beside.rename(to: self)
    } catch {
      beside.unlinkQuietly()
      throw error
    }
  }

  /// The corresponding C function is `rename`.
  package func rename(to place: FilePath) throws(HostError) {
    let result = unsafe withPlatformString { from in unsafe place.withPlatformString { unsafe Glibc.rename(from, $0) } }
    guard result == 0 else { throw HostError("rename \(self) to \(place)", .lastCall("rename")) }
  }

  /// Deletes the file; one that is missing is fine.
  package func unlink() throws(HostError) {
    let result = unsafe withPlatformString { unsafe Glibc.unlink($0) }
    guard result == 0 || errno == ENOENT else { throw HostError("delete \(self)", .lastCall("unlink")) }
  }

  /// For the way out of a failure that is reported already.
  func unlinkQuietly() {
    _ = unsafe withPlatformString { unsafe Glibc.unlink($0) }
  }
}

extension HostError {
  /// A system call said that there is no such file, or no such folder above it.
  package var isMissingFile: Bool {
    if case .system(let errno, _) = cause { errno == ENOENT || errno == ENOTDIR } else { false }
  }
}

extension HostError.Cause {
  /// What the call that failed just now left in `errno`.
  package static func lastCall(_ call: String) -> Self { .system(errno: errno, call: call) }
}

extension Errno {
  static var current: Errno { Errno(rawValue: errno) }
}

extension Error {
  /// The errno that it carries; EIO for what carries none.
  var number: Int32 { (self as? Errno)?.rawValue ?? EIO }
}
