import CLinux
import Glibc
import Host
import SystemPackage

extension LinuxMachines {
  private static let places = [
    "/usr/local/bin", "/usr/bin", "/usr/libexec", "/usr/local/sbin", "/usr/sbin", "/sbin",
  ]

  /// Looks a program up in `PATH` and where systems keep such programs.
  static func program(_ name: String, _ attempted: String) throws(HostError) -> FilePath {
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
    for folder in path.split(separator: ":").map(String.init) + places {
      let place = FilePath(folder).appending(name)
      if place.isAbsolute, unsafe place.withPlatformString({ unsafe access($0, X_OK) }) == 0 { return place }
    }
    throw HostError(attempted, .missingProgram(name))
  }

  static func open(_ path: FilePath) throws(HostError) -> Int32 {
    let descriptor = unsafe path.withPlatformString { unsafe Glibc.open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw HostError("open \(path)", errno == ENOENT ? .missing("\(path)") : .lastCall("open"))
    }
    return descriptor
  }

  /// A descriptor that `owner` can open anew through /proc/self/fd, as QEMU does with kernels. That asks for the right
  /// to read the file itself, whatever the folders above it; where the file does not give it, a copy in memory does.
  static func openReadable(_ path: FilePath, owner: UInt32) throws(HostError) -> Int32 {
    let descriptor = try open(path)
    var status = stat()
    guard unsafe fstat(descriptor, &status) != 0 || status.st_mode & S_IROTH == 0 else { return descriptor }
    defer { _ = close(descriptor) }
    return try privateMemory("copy", try path.contents(limit: 1 << 30), owner: owner)
  }

  /// A file in memory that `owner` alone may read.
  static func privateMemory(_ name: String, _ bytes: [UInt8], owner: UInt32) throws(HostError) -> Int32 {
    let descriptor = unsafe bytes.withUnsafeBytes {
      unsafe meros_private_memory(name, $0.baseAddress, $0.count, owner)
    }
    guard descriptor >= 0 else { throw HostError("keep \(name) in memory", .system(errno: -descriptor, call: "memfd")) }
    return descriptor
  }

  /// The keys that the guest is given. Throws `missing` for a file that is not there.
  func keys(of design: MachineDesign) throws(HostError) -> GuestKeys {
    let host = data.key(.host(vm: design.name), of: design.scope.constellation)
    let client = data.key(.client, of: design.scope.constellation)
    return GuestKeys(
      hostPrivate: try Self.text(host), hostPublic: try Self.text(FilePath("\(host).pub")),
      clientPublic: try Self.text(FilePath("\(client).pub")))
  }

  private static func text(_ path: FilePath) throws(HostError) -> String {
    guard let bytes = try path.contentsIfPresent(limit: 64 << 10) else {
      throw HostError("read \(path)", .missing("\(path)"))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
