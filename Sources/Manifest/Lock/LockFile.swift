import Network

/// What names that may move (a branch, the newest of something) stood for when they were looked up. It lies beside the
/// manifest as `constellation.lock`, and holds until somebody asks for newer.
package struct LockFile: Equatable, Sendable {
  private var values: [Key: String] = [:]
  private var sets: [Key: [String: String]] = [:]

  package init() {}

  /// The kinds of names; the raw value is the section's key in the file, in the order of the file.
  package enum Section: String, CaseIterable, Hashable, Sendable {
    /// "REPOSITORY REF", both as they were written but for a password, and the commit in full.
    case kernels
    /// "MIRROR RELEASE ARCH" of Alpine, as they were written, and the version of the minirootfs with its digest,
    /// "3.20.3 sha512:…".
    case minirootfs
    /// The path of a disk image that VMs are made of, as it was written, and its SHA-256.
    case images
    /// What was asked of a distribution ("debian bookworm x86_64 with curl nginx"), and every package that it comes to,
    /// by its name: the version and the digest of its file, "1:9.2p1-2 sha256:…"; of Alpine the checksum that apk has of
    /// it, "1.36.1-r29 Q1…=".
    case packages
  }

  /// A name, within the section of its kind.
  package struct Key: Hashable, Sendable, Comparable {
    package var section: Section
    /// One line without control characters, as a person knows it from the manifest.
    package var name: String

    package init(_ section: Section, _ name: String) {
      self.section = section
      self.name = name
    }

    package static func < (a: Self, b: Self) -> Bool {
      (a.section.rank, a.name) < (b.section.rank, b.name)
    }
  }

  /// What a name stands for, in one line; nil where that is not known.
  package subscript(key: Key) -> String? {
    get { values[key] }
    set { values[key] = newValue }
  }

  /// What a name of `packages` stands for, by the names of the packages; nil where that is not known.
  package subscript(packages key: Key) -> [String: String]? {
    get { sets[key] }
    set { sets[key] = newValue }
  }

  /// Makes the name stand for what it does in the other one; for nothing where it is not in there.
  package mutating func take(_ key: Key, from other: LockFile) {
    values[key] = other.values[key]
    sets[key] = other.sets[key]
  }

  /// Sorted.
  package var keys: [Key] { (Array(values.keys) + sets.keys).sorted() }
  package var isEmpty: Bool { values.isEmpty && sets.isEmpty }

  /// A name that stands for something else in another lock file.
  package struct Move: Hashable, Sendable {
    package var key: Key
    /// The package; nil for what is no set of them, or one in which there is none.
    package var package: String?
    /// nil: it is new.
    package var before: String?
    /// nil: nothing asks for it any more.
    package var after: String?

    package init(_ key: Key, package: String? = nil, before: String?, after: String?) {
      self.key = key
      self.package = package
      self.before = before
      self.after = after
    }
  }

  /// What a set in which there is none stands for.
  private static let nothing = "no packages"

  /// What differs, sorted.
  package func moves(to other: LockFile) -> [Move] {
    Set(keys).union(other.keys).sorted().flatMap { key -> [Move] in
      if key.section == .packages { return moves(of: key, to: other) }
      return self[key] == other[key] ? [] : [Move(key, before: self[key], after: other[key])]
    }
  }

  private func moves(of key: Key, to other: LockFile) -> [Move] {
    let (before, after) = (sets[key] ?? [:], other.sets[key] ?? [:])
    if before.isEmpty && after.isEmpty && sets[key] != other.sets[key] {
      return [Move(key, before: sets[key].map { _ in Self.nothing }, after: other.sets[key].map { _ in Self.nothing })]
    }
    return Set(before.keys).union(after.keys).sorted().compactMap { name in
      before[name] == after[name] ? nil : Move(key, package: name, before: before[name], after: after[name])
    }
  }
}

extension LockFile {
  /// A file may say this of a package of this name; what mirrors say becomes part of the names of files.
  package static func accepts(_ value: String, of package: String) -> Bool {
    isPackageName(package) && Section.packages.accepts(value)
  }
}

extension LockFile.Section {
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// What a value of this section is; a file with another was edited by hand and missed.
  func accepts(_ value: String) -> Bool {
    switch self {
    case .kernels: isCommit(value)
    case .minirootfs: isMinirootfs(value)
    case .images: isSHA256(value)
    case .packages: isPackage(value)
    }
  }

  /// For people: "a commit".
  var noun: String {
    switch self {
    case .kernels: "a commit, 40 or 64 hexadecimal digits"
    case .minirootfs: "a version and a digest, like 3.20.3 sha256:…"
    case .images: "a digest, 64 hexadecimal digits"
    case .packages: "a version and a digest, like 1.2-3 sha256:… or 1.2-r3 Q1…="
    }
  }
}

private func isSHA256(_ text: some StringProtocol) -> Bool {
  text.utf8.count == 64 && text.utf8.allSatisfy(isLowerHexadecimal)
}

/// A version as packages have them, and the digest of the file: "1:9.2p1-2+deb12u7 sha256:…", "1.36.1-r29 Q1…=".
private func isPackage(_ text: String) -> Bool {
  let parts = text.split(separator: " ", omittingEmptySubsequences: false)
  guard parts.count == 2, isVersion(parts[0]) else { return false }
  if parts[1].hasPrefix("sha256:") { return isSHA256(parts[1].dropFirst("sha256:".count)) }
  return isChecksum(parts[1])
}

/// A SHA-1 as apk writes it: "Q1" and 20 bytes in base64.
private func isChecksum(_ text: some StringProtocol) -> Bool {
  guard text.utf8.count == 30, text.hasPrefix("Q1"), text.hasSuffix("=") else { return false }
  return text.dropFirst(2).dropLast().unicodeScalars.allSatisfy { isLetterOrDigit($0) || $0 == "+" || $0 == "/" }
}

private func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar {
  case "a"..."z", "A"..."Z", "0"..."9": true
  default: false
  }
}

/// deb-version(7) or apk-package(5): letters, digits and a few signs, a digit first.
private func isVersion(_ text: some StringProtocol) -> Bool {
  guard let first = text.unicodeScalars.first, "0"..."9" ~= first else { return false }
  return text.unicodeScalars.allSatisfy { isLetterOrDigit($0) || ".+-~:_".unicodeScalars.contains($0) }
}

/// The name of a package: deb-control(5), and as Alpine has them, with capitals ("R") and underscores.
func isPackageName(_ text: some StringProtocol) -> Bool {
  guard let first = text.unicodeScalars.first, isLetterOrDigit(first) || first == "_" else { return false }
  return text.unicodeScalars.allSatisfy { isLetterOrDigit($0) || ".+-_".unicodeScalars.contains($0) }
}

/// The full name of a commit (SHA-1 or SHA-256), which never stands for anything else.
package func isCommit(_ text: String) -> Bool {
  (text.utf8.count == 40 || text.utf8.count == 64) && text.utf8.allSatisfy(isLowerHexadecimal)
}

/// A version and the digest of its archive: "3.20.3 sha512:…" or "… sha256:…".
private func isMinirootfs(_ text: String) -> Bool {
  let parts = text.split(separator: " ")
  guard parts.count == 2, !parts[0].contains("/"), !parts[0].hasPrefix("."), !parts[0].hasPrefix("-") else {
    return false
  }
  let digest = parts[1].split(separator: ":")
  guard digest.count == 2, ["sha256": 64, "sha512": 128][digest[0]] == digest[1].utf8.count else { return false }
  return digest[1].allSatisfy(\.isHexDigit)
}
