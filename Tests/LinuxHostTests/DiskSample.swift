import Host
import Network
import SystemPackage

@testable import LinuxHost

/// Disks to try things on.
enum DiskSample {
  /// A data directory with an image of 64 MiB named "base".
  static func with(_ body: (DataDirectory, LinuxDisks, Scope) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let base = data.entry(.image, "base")
      try base.makeFolders()
      try await Program("qemu-img", ["create", "-q", "-f", "qcow2", base.appending("image.qcow2").string, "64M"])
        .run("make image")
      try await body(data, LinuxDisks(data), data.scope("lab"))
    }
  }

  static func root(_ scope: Scope, size: UInt64? = nil) -> DiskDesign {
    DiskDesign(
      scope: scope, name: "web", content: .overlay(image: "base"), size: size.map { ByteCount(bytes: $0) },
      isProtected: false)
  }

  static func data(
    _ scope: Scope, _ megabytes: UInt64, fileSystem: String? = "ext4", format: DiskFormat = .qcow2
  ) -> DiskDesign {
    DiskDesign(
      scope: scope, name: "web/web-data", content: .data(fileSystem: fileSystem, label: "web-data"), format: format,
      size: ByteCount(bytes: megabytes << 20), isProtected: true)
  }
}
