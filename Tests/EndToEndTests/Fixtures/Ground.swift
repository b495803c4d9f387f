import Glibc
import HostTesting
import LinuxHost
import SystemPackage

/// A network namespace, and a folder for data and manifests, of a test's own.
struct Ground: Sendable {
  let namespace: TestNamespace
  /// Absolute; deleted with all that is in it.
  let folder: FilePath

  /// QEMUs can be started here as other users, in network namespaces.
  static var isAvailable: Bool {
    TestNamespace.isAvailable
      && (FilePath("/usr/bin/qemu-system-x86_64").exists || FilePath("/usr/local/bin/qemu-system-x86_64").exists)
  }

  /// What builds and runs machines of aarch64 is installed.
  static var emulatesOthers: Bool {
    Program("qemu-system-aarch64").isInstalled
      && (Program("qemu-aarch64-static").isInstalled || Program("qemu-aarch64").isInstalled)
  }

  /// What makes images with a loader, and boots them, is installed.
  static var hasLoaders: Bool {
    Program("mcopy").isInstalled && Program("mkfs.vfat").isInstalled && Program("syslinux").isInstalled
      && FilePath("/usr/lib/systemd/boot/efi/systemd-bootx64.efi").exists
      && (FilePath("/usr/share/OVMF/OVMF_CODE_4M.fd").exists || FilePath("/usr/share/edk2/ovmf/OVMF_CODE.fd").exists)
  }

  /// Makes the ground, runs `body`, and takes everything away again, whatever the body left running.
  static func with(_ body: (Ground) async throws -> Void) async throws {
    try await Turnstile.constellations.pass { try await make(body) }
  }

  private static func make(_ body: (Ground) async throws -> Void) async throws {
    try await TestNamespace.with { namespace in
      let folder = FilePath("/tmp/meros-test-\(getpid())-\(UInt64.random(in: 0 ... .max))")
      try folder.makeFolders()
      let ground = Ground(namespace: namespace, folder: folder)
      do {
        try await body(ground)
      } catch {
        try await ground.clear()
        throw error
      }
      try await ground.clear()
    }
  }

  /// The processes in the namespace.
  func processes() throws -> [pid_t] {
    // The program is about the namespace, not in it.
    try Self.numbers(namespace.pids())
  }

  private static func numbers(_ text: String) -> [pid_t] {
    text.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
  }

  private func clear() async throws {
    for pid in try processes() { kill(pid, SIGKILL) }
    try await eventually { try processes().isEmpty }
    // What name servers read lies elsewhere, by the identity of their data directory.
    for data in try folder.folderEntries() {
      guard let bytes = try folder.appending(data).pushing("keys/.identity").contentsIfPresent() else { continue }
      let identity = String(decoding: bytes, as: UTF8.self).trimmingLine
      if identity.utf8.count == 16 { try FilePath("/run/meros").appending(identity).removeTree() }
    }
    try folder.removeTree()
  }

  /// Writes a file below the folder, with the folders above it, all readable by everybody as a person's are.
  func write(_ text: String, to path: String) throws {
    let file = folder.pushing(FilePath(path))
    var place = folder
    for component in FilePath(path).removingLastComponent().components {
      place.append(component)
      guard !place.exists else { continue }
      try place.makeFolders()
      _ = unsafe place.withPlatformString { unsafe chmod($0, 0o755) }
    }
    try file.replaceContents(Array(text.utf8), permissions: [.ownerReadWrite, .groupRead, .otherRead])
  }

  /// Starts a program in the namespace that outlives the call; what it says besides its results is lost.
  func start(_ command: String, output: String = "/dev/null") throws -> pid_t {
    let text = try namespace.run("sh", "-c", "\(command) >\(output) 2>/dev/null </dev/null & echo $!")
    return pid_t(text.trimmingLine) ?? -1
  }
}

extension String {
  /// Without the white space around it.
  var trimmingLine: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
