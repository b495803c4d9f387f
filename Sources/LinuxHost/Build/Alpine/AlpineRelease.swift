import Diagnostics
import YAML

/// A minirootfs of a mirror.
struct AlpineRelease: Equatable {
  /// The name of the tarball; no path.
  var file: String
  /// "3.20.3"
  var version: String
  /// In lower-case hexadecimal; there is always one of the two.
  var sha256: String?
  var sha512: String?

  /// The minirootfs of the architecture that the index of a branch (`latest-releases.yaml`) lists: of the version, or
  /// the last that it has. nil where there is none.
  ///
  /// Throws what is wrong with the index: no YAML, not a list, an entry without digest or with a path for a name.
  static func find(in index: [UInt8], arch: String, version: String?) throws(Fault) -> AlpineRelease? {
    let root: YAMLNode
    do { root = try YAMLNode.parse(index, file: "latest-releases.yaml") } catch {
      throw Fault(what: error.all.first?.summary ?? "is no YAML")
    }
    guard let nodes = root.sequence else { throw Fault(what: "is no list") }
    for node in nodes {
      func text(_ key: String) -> String? { node.mapping?[key]?.value.scalar?.text }
      guard text("flavor") == "alpine-minirootfs", text("arch") == arch, let found = text("version"),
        version == nil || version == found
      else { continue }
      return try AlpineRelease(
        file: text("file") ?? "", version: found, sha256: text("sha256"), sha512: text("sha512"))
    }
    return nil
  }

  /// What an index, or a digest file, should not be.
  struct Fault: Error, Equatable {
    var what: String
  }

  init(file: String, version: String, sha256: String?, sha512: String?) throws(Fault) {
    guard !file.isEmpty, !file.contains("/"), !file.hasPrefix("."), !file.hasPrefix("-") else {
      throw Fault(what: "names the file \(file)")
    }
    guard sha256 != nil || sha512 != nil else { throw Fault(what: "has no digest of \(file)") }
    for (digest, length) in [(sha256, 64), (sha512, 128)] {
      guard let digest else { continue }
      guard digest.utf8.count == length, digest.allSatisfy(\.isHexDigit) else {
        throw Fault(what: "has a digest of \(file) that is none")
      }
    }
    self.file = file
    self.version = version
    self.sha256 = sha256?.lowercased()
    self.sha512 = sha512?.lowercased()
  }

  /// What a lock file holds: "3.20.3 sha512:…"; nil for anything else.
  init?(pinned text: String, arch: String) {
    let parts = text.split(separator: " ").map(String.init)
    guard let digest = parts.last?.split(separator: ":").map(String.init), parts.count == 2, digest.count == 2 else {
      return nil
    }
    let (short, long) = (digest[0] == "sha256" ? digest[1] : nil, digest[0] == "sha512" ? digest[1] : nil)
    guard
      let made = try? AlpineRelease(
        file: Self.file(arch: arch, version: parts[0]), version: parts[0], sha256: short, sha512: long)
    else { return nil }
    self = made
  }

  /// As a lock file holds it.
  var pinned: String { sha512.map { "\(version) sha512:\($0)" } ?? "\(version) sha256:\(sha256 ?? "")" }

  /// A version that the index no longer lists, by the digest file beside its tarball: "DIGEST  FILE".
  init(arch: String, version: String, digestFile: [UInt8]) throws(Fault) {
    let digest = String(decoding: digestFile, as: UTF8.self).split { $0.isWhitespace }.first.map(String.init)
    try self.init(
      file: Self.file(arch: arch, version: version), version: version, sha256: nil, sha512: digest)
  }

  static func file(arch: String, version: String) -> String { "alpine-minirootfs-\(version)-\(arch).tar.gz" }
}
