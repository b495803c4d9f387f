import Glibc
import Host

/// Reads small files and folders by plain strings: looking at a thousand disks must take no time, and taking paths apart
/// costs more than the kernel does.
enum SmallFile {
  /// At most `limit` bytes from the beginning of the file; nil where there is none. A link in the last place is an error.
  static func read(_ path: String, limit: Int) throws(HostError) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw HostError("read \(path)", .lastCall("open"))
    }
    defer { close(file) }
    // Anything that is read here fits the first piece.
    var bytes = [UInt8](repeating: 0, count: min(limit, 2048))
    var length = 0
    while true {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(file, buffer.baseAddress?.advanced(by: length), buffer.count - length, off_t(length))
      }
      guard count >= 0 else { throw HostError("read \(path)", .lastCall("read")) }
      length += count
      if count == 0 || length == limit { return Array(bytes[..<length]) }
      if length == bytes.count { bytes += [UInt8](repeating: 0, count: min(limit - length, bytes.count)) }
    }
  }

  /// The names in the folder that are text, without `.` and `..`, sorted; nil where there is no such folder.
  static func names(in folder: String) throws(HostError) -> [String]? {
    guard let stream = unsafe opendir(folder) else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw HostError("list \(folder)", .lastCall("opendir"))
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let name, name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Something has this name, links followed.
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}
