package import Host
import Synchronization

/// Files beside a manifest that stand nowhere.
package final class MemoryInputFiles: InputFiles {
  private let trees: [String: [String: String]]
  private let files: [String: String]
  private let texts: Mutex<[String: [UInt8]]>
  private let faults: FaultPlan

  /// - Parameters:
  ///   - trees: the digests of each folder's entries, by the folder's absolute path.
  ///   - files: the digest of each file by its absolute path.
  ///   - texts: what stands in files that are read, by their absolute paths.
  ///   - bytes: likewise, of what is no text.
  package init(
    trees: [String: [String: String]] = [:], files: [String: String] = [:], texts: [String: String] = [:],
    bytes: [String: [UInt8]] = [:], faults: FaultPlan = FaultPlan()
  ) {
    self.trees = trees
    self.files = files
    self.texts = Mutex(texts.mapValues { Array($0.utf8) }.merging(bytes) { _, given in given })
    self.faults = faults
  }

  package func tree(_ folder: String) async throws(HostError) -> InputTree? {
    trees[folder].map { InputTree(entries: $0) }
  }
  package func file(_ path: String) async throws(HostError) -> String? { files[path] }
  package func beginning(of path: String, count: Int) async throws(HostError) -> [UInt8]? {
    texts.withLock { $0[path].map { Array($0.prefix(count)) } }
  }
  package func contents(of path: String) async throws(HostError) -> [UInt8]? { texts.withLock { $0[path] } }

  package func names(in folder: String) async throws(HostError) -> [String]? {
    let names = paths.compactMap { path in
      path.hasPrefix("\(folder)/") ? path.dropFirst(folder.count + 1).split(separator: "/").first.map(String.init) : nil
    }
    return names.isEmpty ? nil : Set(names).sorted()
  }

  package func kind(of path: String) async throws(HostError) -> InputKind? {
    if trees[path] != nil || paths.contains(where: { $0.hasPrefix("\(path)/") }) { return .folder }
    return paths.contains(path) ? .file : nil
  }

  private var paths: [String] { Array(files.keys) + Array(trees.keys) + texts.withLock { Array($0.keys) } }

  package func replaceLockFile(_ path: String, with bytes: [UInt8]) async throws(HostError) {
    try faults.check("write \(path)")
    texts.withLock { $0[path] = bytes }
  }

  /// What a person does with an editor; nil deletes the file.
  package func write(_ text: String?, to path: String) { texts.withLock { $0[path] = text.map { Array($0.utf8) } } }
}
