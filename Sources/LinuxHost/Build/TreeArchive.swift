import Crypto
import Host
import Network
import SystemPackage

/// A tar archive (ustar with GNU long names) of a tree, with owners and times that depend on nothing: the same tree
/// gives the same bytes.
enum TreeArchive {
  /// Writes the archive, and returns the digest of exactly what it holds: a tree may change while it is read.
  static func write(_ tree: Tree, to path: FilePath, time: Int64) throws(HostError) -> TreeDigest {
    do {
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: [.ownerReadWrite])
      return try file.closeAfter {
        var parts = TreeDigestParts()
        for entry in tree.entries {
          parts.add(entry, content: try write(entry, of: tree, to: file, time: time))
        }
        try file.writeAll([UInt8](repeating: 0, count: 1024))
        return parts.finish()
      }
    } catch let error as HostError {
      throw error
    } catch {
      throw HostError("write \(path)", .system(errno: error.number, call: "write"))
    }
  }

  private static func write(
    _ entry: Tree.Entry, of tree: Tree, to file: FileDescriptor, time: Int64
  ) throws -> String {
    var name = entry.path.bytes
    switch entry.content {
    case .folder:
      name.append(UInt8(ascii: "/"))
      try file.writeAll(header(name, mode: entry.mode, size: 0, time: time, type: "5", target: []))
      return ""
    case .link(let target):
      let bytes = target.bytes
      try file.writeAll(header(name, mode: entry.mode, size: 0, time: time, type: "2", target: bytes))
      return sha256(bytes)
    case .file(let size):
      try file.writeAll(header(name, mode: entry.mode, size: size, time: time, type: "0", target: []))
      var hash = SHA256()
      var written: Int64 = 0
      let place = tree.root.pushing(entry.path)
      try place.eachPiece { piece in
        written += Int64(piece.count)
        guard written <= size else { return }
        hash.update(data: piece)
        try file.writeAll(piece)
      }
      guard written == size else {
        throw HostError("read \(place)", .malformed("\(place)", "changed while it was read"))
      }
      try file.writeAll([UInt8](repeating: 0, count: Int(-size & 511)))
      return hexadecimal(hash.finalize())
    }
  }

  /// One header of 512 bytes, after as many as its long name and target need.
  private static func header(
    _ name: [UInt8], mode: UInt16, size: Int64, time: Int64, type: Unicode.Scalar, target: [UInt8]
  ) -> [UInt8] {
    var all: [UInt8] = []
    if target.count > 100 { all += long(target, type: "K") }
    if name.count > 100 { all += long(name, type: "L") }
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: some Collection<UInt8>, at offset: Int) {
      block.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    put(name.prefix(100), at: 0)
    put(octal(Int64(mode), digits: 7), at: 100)
    put(octal(0, digits: 7), at: 108)
    put(octal(0, digits: 7), at: 116)
    put(number(size), at: 124)
    put(octal(time, digits: 11), at: 136)
    put([UInt8](repeating: UInt8(ascii: " "), count: 8), at: 148)
    block[156] = UInt8(ascii: type)
    put(target.prefix(100), at: 157)
    put(Array("ustar  \0".utf8), at: 257)
    put(octal(Int64(block.reduce(0) { $0 + Int($1) }), digits: 6), at: 148)
    block[154] = 0
    return all + block
  }

  private static func long(_ text: [UInt8], type: Unicode.Scalar) -> [UInt8] {
    let size = text.count + 1
    return header(Array("././@LongLink".utf8), mode: 0, size: Int64(size), time: 0, type: type, target: []) + text
      + [UInt8](repeating: 0, count: 1 + (-size & 511))
  }

  private static func octal(_ value: Int64, digits: Int) -> [UInt8] {
    let text = String(value, radix: 8)
    return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
  }

  /// In octal, or from 8 GiB on in the binary form of GNU tar.
  private static func number(_ value: Int64) -> [UInt8] {
    if value < 1 << 33 { return octal(value, digits: 11) }
    return [0x80, 0, 0, 0] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
  }
}
