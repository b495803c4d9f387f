import Glibc
import LinuxHost
import Netlink
import SystemPackage

/// A network namespace and a folder of one case's own.
struct Stage {
  let namespaceName: String
  let namespace: NetworkNamespace
  let folder: FilePath

  private static let prefix = "meros-bench-"

  /// Sets the stage, runs `body`, and clears it whatever happened: processes in the namespace, the namespace, the folder.
  static func with<R>(_ body: (Stage) async throws -> R) async throws -> R {
    let name = "\(prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))"
    let folder = FilePath("/tmp").appending(name)
    try folder.makeFolders()
    let result: Result<R, any Error>
    do {
      try Child.run(["ip", "netns", "add", name])
      try Child.run(["ip", "-n", name, "link", "set", "lo", "up"])
      result = .success(try await body(Stage(namespaceName: name, namespace: .named(name), folder: folder)))
    } catch {
      result = .failure(error)
    }
    try clear(name)
    return try result.get()
  }

  /// Clears what runs left behind that were killed.
  static func removeAbandoned() throws {
    for folder in [FilePath("/tmp"), FilePath("/run/netns")] where folder.exists {
      for entry in try folder.folderEntries() where entry.string.hasPrefix(prefix) {
        let owner = entry.string.dropFirst(prefix.count).split(separator: "-").first.flatMap { Int32($0) }
        if let owner, kill(owner, 0) != 0, errno == ESRCH { try clear(entry.string) }
      }
    }
  }

  private static func clear(_ name: String) throws {
    let folder = FilePath("/tmp").appending(name)
    if FilePath("/run/netns").appending(name).exists {
      try folder.makeFolders()
      let list = folder.appending("pids")
      try Child.run(["ip", "netns", "pids", name], output: list)
      for pid in String(decoding: try list.contents(), as: UTF8.self).split(separator: "\n").compactMap({ Int32($0) }) {
        kill(pid, SIGKILL)
      }
      try Child.run(["ip", "netns", "delete", name])
    }
    try folder.removeTree()
  }
}
