import Host
import SystemPackage

/// `cache/kernels/KEY`: what was compiled of one commit with one configuration by one compiler, or what is there of it
/// so far. Another initramfs around it, or another name for it, compiles nothing; and what was interrupted goes on.
struct KernelFolder: Sendable {
  let path: FilePath
  private let lockFile: FilePath
  private let data: DataDirectory

  /// - Parameter recipe: of a kernel.
  init(_ recipe: Recipe, in data: DataDirectory) {
    let inputs = recipe.inputs.filter { $0.key != "builder" }.sorted { $0.key < $1.key }
    let text = inputs.map { "\($0.key)\n\($0.value)\n" }.joined()
    self.init(key: String(sha256(Array(text.utf8)).prefix(16)), in: data)
  }

  private init(key: String, in data: DataDirectory) {
    path = Self.all(in: data).appending(key)
    lockFile = data.temporary.appending("kernel-\(key).lock")
    self.data = data
  }

  /// The compiled image, complete.
  var image: FilePath { path.appending("image") }
  /// Its `.config`.
  var configuration: FilePath { path.appending("config") }
  /// The files of the commit, complete.
  var source: FilePath { path.appending("source") }
  var output: FilePath { path.appending("output") }

  private static func all(in data: DataDirectory) -> FilePath { data.cache.appending("kernels") }

  func lock(_ progress: Progress) async throws(HostError) -> FileLock {
    try await FileLock.await(lockFile) { progress.report(.init("waiting for another build of the same")) }
  }

  /// Deletes what is needed to compile, and keeps the result.
  func drop() throws(HostError) {
    for name in try path.folderEntries() where !["image", "config"].contains(name.string) {
      try path.appending(name).removeTree()
    }
  }

  /// Drops what others left half done and nobody works on: it is large, and the next build of it begins anew.
  func dropOthers() throws(HostError) {
    for name in try Self.all(in: data).folderEntries() where name != path.lastComponent {
      let other = KernelFolder(key: name.string, in: data)
      guard other.source.exists || other.output.exists, let lock = try FileLock.take(other.lockFile) else { continue }
      try other.drop()
      _ = consume lock
    }
  }

  /// How many steps `make` took for the last kernel of the architecture; nil: none was compiled yet.
  func steps(arch: String) -> Int? {
    // Only the estimate of the progress depends on it.
    let bytes = try? Self.all(in: data).appending(".steps-\(arch)").contents(limit: 64)
    return bytes.flatMap { Int(String(decoding: $0, as: UTF8.self).prefix { $0 != "\n" }) }
  }

  func remember(steps: Int, arch: String) throws(HostError) {
    try Self.all(in: data).appending(".steps-\(arch)").replaceContents(Array("\(steps)\n".utf8))
  }
}
