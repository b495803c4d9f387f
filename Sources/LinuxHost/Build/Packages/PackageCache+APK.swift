import Crypto
import Host
import Network
import SystemPackage

/// Of apk's packages only apk can tell what they are, and only with the right keys: what it said of a file is kept in
/// `records`, by the SHA-256 of that.
///
/// One version may come in more than one file, of other content or signed with another key: what is fetched is kept as
/// `NAME-VERSION.DIGEST.apk`, and nothing is put in its place. `NAME-VERSION.apk`, as mirrors call it, does as well.
extension PackageCache {
  /// A file that is known to be the package.
  struct APK {
    var name: String
    /// Its name in `records`.
    var record: String
  }

  /// Those of the packages of which there is a file that apk took for them.
  func apks(of packages: [LockedPackage]) throws(HostError) -> [LockedPackage: APK] {
    var found: [LockedPackage: APK] = [:]
    for (package, names) in try candidates(for: packages) {
      for name in names where found[package] == nil {
        let record = try FileDigest.of(folder.appending(name), cache: digests)
        guard let bytes = try records.appending(record).contentsIfPresent() else { continue }
        let lines = Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n"))
        let said = ["P:\(package.name)", "V:\(package.version)", "C:\(package.identity.text)"]
        if said.allSatisfy({ lines.contains($0[...]) }) { found[package] = APK(name: name, record: record) }
      }
    }
    return found
  }

  /// Lines of files of which nothing is known yet, and what a mirror would call them.
  func unread(_ packages: [LockedPackage]) throws(HostError) -> [String] {
    var lines: [String] = []
    for (package, names) in try candidates(for: packages) {
      for name in names {
        let record = records.appending(try FileDigest.of(folder.appending(name), cache: digests))
        if !record.exists { lines.append("\(name) \(package.apkName).apk") }
      }
    }
    return lines
  }

  /// The names of files that may be them.
  private func candidates(
    for packages: [LockedPackage]
  ) throws(HostError) -> [(package: LockedPackage, names: [String])] {
    let wanted = packages.filter(\.isAPK)
    if wanted.isEmpty { return [] }
    let names = [String: [String]](grouping: try folder.folderEntries().map(\.string)) {
      Self.apkName(ofFile: $0) ?? ""
    }
    return wanted.compactMap { package in names[package.apkName].map { (package, $0) } }
  }

  /// "NAME-VERSION"; nil where the file is no package.
  private static func apkName(ofFile name: String) -> String? {
    guard name.hasSuffix(ending) else { return nil }
    let stem = name.dropLast(ending.count)
    guard let dot = stem.lastIndex(of: ".") else { return String(stem) }
    let digest = stem[stem.index(after: dot)...]
    return String(digest.utf8.count == digestLength && digest.allSatisfy(\.isHexDigit) ? stem[..<dot] : stem)
  }

  private static let ending = ".apk"

  /// So many digits of the SHA-256 of the file are in its name.
  static let digestLength = 16
}

extension PackageSource {
  /// Tells which keys packages may be signed with: those that were given, and those in the minirootfs.
  var trust: String {
    let lines = keys.map { "\($0.name) \($0.digest)\n" }.sorted() + ["\(minirootfs ?? "")\n"]
    return String(hexadecimal(SHA256.hash(data: Array(lines.joined().utf8))).prefix(16))
  }
}

extension LockedPackage {
  fileprivate var isAPK: Bool {
    switch identity {
    case .apk: true
    case .sha256: false
    }
  }

  /// "NAME-VERSION"
  fileprivate var apkName: String { "\(name)-\(version)" }
}
