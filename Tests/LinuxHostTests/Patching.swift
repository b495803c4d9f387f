import Host
import SystemPackage
import Testing

@testable import LinuxHost

/// Calls `body` with a folder and a data directory in it; afterwards, whatever happened, the kernel has nothing of them.
func withPatching(_ body: (FilePath, DataDirectory) async throws -> Void) async throws {
  try await withTemporaryFolder { folder in
    let data = try DataDirectory.open(folder.appending("data"), create: true)
    try await body(folder, data)
    let loops = try await Program("losetup", ["--list", "--noheadings"], capturesOutput: true).run("look").output
    #expect(!String(decoding: loops, as: UTF8.self).contains(folder.string))
    #expect(
      try await Program("pgrep", ["-f", "qemu-storage-daemon.*\(folder)"]).result("look").termination == .exited(1))
    #expect(try data.store.folderEntries().allSatisfy { !$0.string.hasPrefix(".tmp-") })
  }
}

/// The last lines of what was said when the recipe failed; nil when it did not.
func refusal(_ data: DataDirectory, _ recipe: Recipe?) async throws -> String? {
  do {
    try await LinuxStore(data).build(recipe)
    return nil
  } catch let error as HostError {
    #expect(try await LinuxStore(data).entries().allSatisfy { $0.name != recipe?.name })
    return error.lastWords
  }
}

extension HostError {
  /// The last lines of what was said.
  var lastWords: String {
    switch cause {
    case .program(let failure): failure.lastLines.joined(separator: "\n")
    case .malformed(_, let why): why
    default: "\(self)"
    }
  }
}

/// Looks for the root of a raw image as builds do, with the programs of this PATH.
func findRoot(
  in base: FilePath, path: String, _ folder: FilePath, _ data: DataDirectory
) async throws(HostError) {
  let place = folder.appending("place")
  try place.makeFolders()
  let builder = Builder(
    data: data, folder: place, attempted: "look", log: folder.appending("log"), progress: .silent)
  try await builder.run(
    Builder.diskScript + #"attach disk0 "$@"; find_root"#, ["FSCK": "-p", "PATH": path],
    arguments: ["--blockdev", "driver=file,node-name=disk0,filename=\(base)"])
}
