import Glibc
package import Host
package import SystemPackage

/// What lies in a folder that goes into an image, looked at without following any link.
///
/// In a git work tree it is what git has of it: files and links, files with mode 0644 or 0755. Folders have no mode there,
/// so new ones are made for all to read. Those that an image has already stay as they are, there and elsewhere.
package struct Tree: Sendable {
  package let root: FilePath
  /// The entries below the root, folders before what is in them, each folder in the order of the bytes of its names.
  package private(set) var entries: [Entry] = []
  /// In a git work tree the files that not everybody may read there. Empty where that holds of all of them and the root
  /// too: that is how everything was cloned.
  package private(set) var withheld: [FilePath] = []

  package struct Entry: Sendable {
    /// Relative to the root.
    package var path: FilePath
    package var content: Content
    /// Permissions with the set-id and sticky bits.
    package var mode: UInt16
  }

  package enum Content: Sendable {
    case folder
    /// Of so many bytes.
    case file(size: Int64)
    case link(target: FilePath)
  }

  /// Reads the folder. Throws `malformed` where something in it is no file, folder or link, and where a file changes
  /// or cannot be read.
  package init(at root: FilePath) throws(HostError) {
    self.root = try root.absolute()
    let isInGit = Self.isInGit(self.root)
    guard let stat = try? self.root.stat(), stat.type == .directory else {
      throw HostError("read \(root)", .missing("folder \(root)"))
    }
    try walk(FilePath(), isInGit: isInGit)
    let files = entries.count { if case .file = $0.content { true } else { false } }
    if withheld.count == files && !stat.isForAllToRead { withheld = [] }
  }

  private mutating func walk(_ folder: FilePath, isInGit: Bool) throws(HostError) {
    for name in try root.pushing(folder).folderEntries() {
      let path = folder.appending(name)
      let place = root.pushing(path)
      let stat: Stat
      do {
        stat = try place.stat(followTargetSymlink: false)
      } catch {
        throw HostError("read \(place)", .system(errno: error.number, call: "lstat"))
      }
      let permissions = UInt16(truncatingIfNeeded: stat.permissions.rawValue) & 0o7777
      switch stat.type {
      case .directory:
        if !isInGit { entries.append(Entry(path: path, content: .folder, mode: permissions)) }
        try walk(path, isInGit: isInGit)
      case .regular:
        let mode: UInt16 = permissions & 0o100 == 0 ? 0o644 : 0o755
        entries.append(Entry(path: path, content: .file(size: stat.size), mode: isInGit ? mode : permissions))
        if isInGit && !stat.isForAllToRead { withheld.append(path) }
      case .symbolicLink:
        entries.append(Entry(path: path, content: .link(target: try place.linkTarget()), mode: 0o777))
      default:
        throw HostError("read \(place)", .malformed("\(place)", "neither a file nor a folder nor a link"))
      }
    }
  }

  /// The folder or one above it holds `.git`: modes there depend on who cloned it.
  private static func isInGit(_ folder: FilePath) -> Bool {
    var place = folder
    while true {
      if place.appending(".git").exists { return true }
      guard place.removeLastComponent() else { return false }
    }
  }
}

extension Stat {
  fileprivate var isForAllToRead: Bool { permissions.isSuperset(of: [.ownerRead, .groupRead, .otherRead]) }
}

extension FilePath {
  /// Where the link leads, as it is written. The corresponding C function is `readlink`.
  package func linkTarget() throws(HostError) -> FilePath {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = unsafe withPlatformString { path in
      unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        unsafe buffer.baseAddress.map { unsafe readlink(path, $0, buffer.count - 1) } ?? -1
      }
    }
    guard count >= 0 else { throw HostError("read link \(self)", .lastCall("readlink")) }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe FilePath(platformString: $0) } ?? FilePath()
    }
  }

  /// The bytes of the name.
  package var bytes: [UInt8] {
    unsafe withPlatformString { text in
      unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
  }
}
