import Host
import SystemPackage

/// What the first bytes of a qcow2 image say (docs/interop/qcow2.txt in QEMU), read without a process.
struct QCOW2Header: Equatable {
  /// The size that the guest sees, in bytes.
  var size: UInt64
  /// The backing file as it is written, relative to the image's folder; nil when it stands on nothing.
  var backingFile: String?

  /// Throws `malformed` for what is no qcow2 image.
  static func read(_ path: FilePath) throws(HostError) -> QCOW2Header {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
      return try file.closeAfter {
        // The backing file's name usually stands close behind the header.
        let start = try bytes(of: file, at: 0, count: 1024)
        guard start.count >= 72, start.starts(with: [0x51, 0x46, 0x49, 0xfb]), [2, 3].contains(number(start[4..<8]))
        else { throw HostError("read disk \(path)", .malformed("\(path)", "not qcow2")) }
        let (offset, length) = (number(start[8..<16]), number(start[16..<20]))
        let size = number(start[24..<32])
        guard offset > 0 else { return QCOW2Header(size: size, backingFile: nil) }
        guard length <= 1023, let place = Int64(exactly: offset) else {
          throw HostError("read disk \(path)", .malformed("\(path)", "the name of its backing file is too long"))
        }
        let end = offset + length
        let name =
          end <= UInt64(start.count)
          ? Array(start[Int(offset)..<Int(end)]) : try bytes(of: file, at: place, count: Int(length))
        guard name.count == length else {
          throw HostError("read disk \(path)", .malformed("\(path)", "the name of its backing file is not in it"))
        }
        return QCOW2Header(size: size, backingFile: String(decoding: name, as: UTF8.self))
      }
    } catch let error as HostError {
      throw error
    } catch {
      throw HostError("read disk \(path)", .system(errno: error.number, call: "read"))
    }
  }

  private static func bytes(of file: FileDescriptor, at offset: Int64, count: Int) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let length = try unsafe buffer.withUnsafeMutableBytes {
      try unsafe file.read(fromAbsoluteOffset: offset, into: $0)
    }
    return Array(buffer.prefix(length))
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
