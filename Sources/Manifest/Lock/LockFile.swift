import Network

/// What names that may move (a branch, the newest of something) stood for when they were looked up. It lies beside the
/// manifest as `constellation.lock`, and holds until somebody asks for newer.
package struct LockFile: Equatable, Sendable {
  private var values: [Key: String] = [:]

  package init() {}

  /// The kinds of names; the raw value is the section's key in the file, in the order of the file.
  package enum Section: String, CaseIterable, Hashable, Sendable {
    /// "REPOSITORY REF", both as they were written, and the commit in full.
    case kernels
    /// "MIRROR RELEASE ARCH" of Alpine, as they were written, and the version of the minirootfs with its digest,
    /// "3.20.3 sha512:…".
    case minirootfs
    /// The path of a disk image that VMs are made of, as it was written, and its SHA-256.
    case images
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

  /// Sorted.
  package var keys: [Key] { values.keys.sorted() }
  package var isEmpty: Bool { values.isEmpty }

  /// A name that stands for something else in another lock file.
  package struct Move: Hashable, Sendable {
    package var key: Key
    /// nil: it is new.
    package var before: String?
    /// nil: nothing asks for it any more.
    package var after: String?

    package init(_ key: Key, before: String?, after: String?) {
      self.key = key
      self.before = before
      self.after = after
    }
  }

  /// What differs, sorted.
  package func moves(to other: LockFile) -> [Move] {
    Set(values.keys).union(other.values.keys).sorted().compactMap { key in
      self[key] == other[key] ? nil : Move(key, before: self[key], after: other[key])
    }
  }
}

extension LockFile.Section {
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// What a value of this section is; a file with another was edited by hand and missed.
  func accepts(_ value: String) -> Bool {
    switch self {
    case .kernels: isCommit(value)
    case .minirootfs: isMinirootfs(value)
    case .images: value.utf8.count == 64 && value.utf8.allSatisfy(isLowerHexadecimal)
    }
  }

  /// For people: "a commit".
  var noun: String {
    switch self {
    case .kernels: "a commit, 40 or 64 hexadecimal digits"
    case .minirootfs: "a version and a digest, like 3.20.3 sha256:…"
    case .images: "a digest, 64 hexadecimal digits"
    }
  }
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
