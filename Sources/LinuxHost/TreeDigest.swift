import Crypto
package import Host
import Network
package import SystemPackage

/// What a folder's files amount to: names, contents, link targets and modes, not times and owners.
package struct TreeDigest: Hashable, Sendable {
  /// SHA-256 over every entry in the order of their names, in lower-case hexadecimal.
  package var digest: String
  /// The digest of each entry by its path in the folder, "etc/motd"; a folder's ends in "/". Bytes that are no printable
  /// text are written `\x0a`, and a backslash twice.
  package var entries: [String: String]

  package init(digest: String, entries: [String: String]) {
    self.digest = digest
    self.entries = entries
  }
}

extension TreeDigest {
  /// Reads the whole folder, an `includes.chroot`; `cache` spares it the files that it knows.
  package init(of folder: FilePath, cache: DigestCache? = nil) throws(HostError) {
    self = try TreeDigest(of: try Tree(at: folder), cache: cache)
  }

  /// Of a tree that was looked at already.
  init(of tree: Tree, cache: DigestCache?) throws(HostError) {
    var parts = TreeDigestParts()
    for entry in tree.entries {
      switch entry.content {
      case .folder: parts.add(entry, content: "")
      case .link(let target): parts.add(entry, content: sha256(target.bytes))
      case .file: parts.add(entry, content: try FileDigest.of(tree.root.pushing(entry.path), cache: cache))
      }
    }
    self = parts.finish()
  }
}

/// Adds up the digests of entries in the order in which they come.
struct TreeDigestParts {
  private var whole = SHA256()
  private var entries: [String: String] = [:]

  /// `content` is the digest of what is in a file or where a link leads.
  mutating func add(_ entry: Tree.Entry, content: String) {
    let (name, digest) = (entry.name, entry.digest(content))
    whole.update(data: Array("\(name)\0\(digest)\0".utf8))
    entries[name] = digest
  }

  func finish() -> TreeDigest { TreeDigest(digest: hexadecimal(whole.finalize()), entries: entries) }
}

extension Tree.Entry {
  /// The path for people and in digests.
  var name: String {
    if case .folder = content { path.printable + "/" } else { path.printable }
  }

  /// Of everything that counts; `content` is the digest of what is in a file or where a link leads.
  func digest(_ content: String) -> String {
    let kind =
      switch self.content {
      case .folder: "folder"
      case .file: "file"
      case .link: "link"
      }
    return sha256(Array("\(kind) \(String(mode, radix: 8)) \(content)".utf8))
  }
}

func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

extension FilePath {
  /// The path as text: what is no printable text as `\xNN`, a backslash twice, so that no two paths look the same.
  var printable: String {
    let bytes = bytes
    let text = String(validating: bytes, as: UTF8.self)
    if let text, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f || $0 == "\\" }) {
      return text
    }
    var escaped = ""
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\\"): escaped += "\\\\"
      case 0x20..<0x7f: escaped.unicodeScalars.append(Unicode.Scalar(byte))
      default: escaped += "\\x" + hexadecimal([byte])
      }
    }
    return escaped
  }
}
