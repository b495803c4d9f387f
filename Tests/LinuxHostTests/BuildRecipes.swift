import Host
import Network
import SystemPackage

@testable import LinuxHost

/// Recipes for tests, whose fingerprints are made of a word.
extension Recipe {
  static func test(_ name: String, _ source: Source, inputs: [String: String] = [:]) -> Recipe? {
    guard let fingerprint = Fingerprint(sha256(Array(name.utf8))) else { return nil }
    return Recipe(name: name, fingerprint: fingerprint, inputs: inputs, source: source)
  }

  /// An image of the rootfs entry, with the digests that its folders and hooks have now.
  static func image(
    _ name: String, of rootfs: String, includes: [FilePath] = [], hooks: [FilePath] = [], network: Bool = false,
    arch: String = machineArchitecture, room: ImageSource.Room = .free(ByteCount(bytes: 8 << 20))
  ) throws -> Recipe? {
    var inputs: [String: String] = [:]
    for folder in includes {
      for (path, digest) in try TreeDigest(of: folder).entries { inputs[input(file: path)] = digest }
    }
    for hook in hooks {
      inputs[input(hook: hook.lastComponent?.string ?? "")] = try FileDigest.of(hook)
    }
    let source = ImageSource(
      rootfs: rootfs, arch: arch, includes: includes.map(\.string), hooks: hooks.map(\.string),
      hooksReachNetwork: network,
      room: room)
    return test(name, .image(source), inputs: inputs)
  }
}

extension LinuxStore {
  func build(_ recipe: Recipe?) async throws {
    guard let recipe else { return }
    try await build(recipe, rebuild: false, progress: .silent)
  }
}

extension DataDirectory {
  /// Puts an entry `busybox` into the store whose tree holds a static busybox with `sh`, and whatever `more` writes.
  func addBusyboxRootfs(_ more: (FilePath) throws -> Void = { _ in }) async throws {
    let tree = root.appending("tree")
    for name in ["bin", "etc", "tmp", "proc", "dev", "run", "sys", "root", "var/log", "usr/lib"] {
      try tree.pushing(FilePath(name)).makeFolders()
    }
    try await Program("cp", ["/bin/busybox", tree.pushing("bin/busybox").string]).run("copy busybox")
    try await Program(
      "sh",
      [
        "-c",
        "busybox --list | while read -r n; do [ $n = busybox ] || ln -s busybox \(tree)/bin/$n; done; chmod 755 \(tree) \(tree)/*",
      ]
    ).run("link applets")
    try more(tree)
    let entry = entry(.rootfs, "busybox")
    try entry.makeFolders()
    try await Program(
      "tar",
      ["-c", "--sort=name", "--mtime=@1000000000", "-f", entry.appending("rootfs.tar").string, "-C", tree.string, "."]
    ).run("pack")
    try tree.removeTree()
  }

  /// Reads the image of an entry: prints `debugfs` commands' output.
  func debugfs(_ image: String, _ command: String) async throws -> String {
    let raw = root.appending("\(image).raw")
    if !raw.exists {
      try await Program(
        "qemu-img", ["convert", "-O", "raw", entry(.image, image).appending("image.qcow2").string, raw.string]
      ).run("read image")
    }
    let program = Program("debugfs", ["-R", command, raw.string], capturesOutput: true)
    return String(decoding: try await program.run("read image").output, as: UTF8.self)
  }
}
