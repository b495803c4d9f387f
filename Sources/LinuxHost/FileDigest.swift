import Crypto
package import Host
import Network
package import SystemPackage

/// SHA-256 of a file's content, in lower-case hexadecimal.
package enum FileDigest {
  /// Never follows a link in the last place, and takes regular files alone; reads nothing where the cache knows the file.
  package static func of(_ path: FilePath, cache: DigestCache? = nil) throws(HostError) -> String {
    if let known = cache?.digest(of: path) { return known }
    var hash = SHA256()
    try path.eachPiece { hash.update(data: $0) }
    let digest = hexadecimal(hash.finalize())
    cache?.remember(digest, of: path)
    return digest
  }
}

extension FilePath {
  /// Hands over the content of the regular file in pieces of at most 256 KiB.
  func eachPiece(_ take: (ArraySlice<UInt8>) throws -> Void) throws(HostError) {
    do {
      let file = try FileDescriptor.openRegular(self, followingLinks: false)
      try file.closeAfter {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
          let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
          if count == 0 { return }
          try take(buffer[..<count])
        }
      }
    } catch let error as HostError {
      throw error
    } catch {
      throw HostError("read \(self)", .system(errno: error.number, call: "read"))
    }
  }
}
