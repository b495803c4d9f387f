import Host
import SystemPackage

/// How programs of another architecture run on this machine.
enum Interpreter: Equatable, Sendable {
  /// This emulator runs them, and only a user namespace of a build's own knows of it (Linux 6.7 and later).
  case registered(emulator: FilePath, arch: String)
  /// The whole machine knows who runs them.
  case known

  /// nil for this machine's own architecture. Throws `missingProgram` where there is no emulator, `unsupported` where the
  /// kernel runs such programs in no way.
  static func find(for arch: String, _ attempted: String) throws(HostError) -> Interpreter? {
    guard arch != machineArchitecture else { return nil }
    guard hasOwnHandlers else {
      guard isKnownToAll(arch) else {
        throw HostError(attempted, .unsupported("this kernel runs no programs of \(arch) (binfmt_misc)"))
      }
      return .known
    }
    return .registered(emulator: try emulator(of: arch, attempted), arch: arch)
  }

  /// Debian and Fedora have `-static` in its name, others not.
  static func emulator(of arch: String, _ attempted: String) throws(HostError) -> FilePath {
    do throws(HostError) {
      return try LinuxMachines.program("qemu-\(arch)-static", attempted)
    } catch {
      // One that has to be loaded by another program does not find that in the tree.
      if let other = try? LinuxMachines.program("qemu-\(arch)", attempted), ELFHeader.isStatic(other) { return other }
      throw error
    }
  }

  /// User namespaces have handlers of their own.
  static var hasOwnHandlers: Bool { KernelRelease.current >= KernelRelease(6, 7) }

  /// A handler that was opened when it was registered (flag F), so that it runs in every tree.
  static func isKnownToAll(_ arch: String, in folder: FilePath = "/proc/sys/fs/binfmt_misc") -> Bool {
    // What cannot be read hands nothing over.
    guard let names = try? folder.folderEntries() else { return false }
    return names.contains { name in
      guard !["register", "status"].contains(name.string),
        let bytes = try? folder.appending(name).contents(limit: 1 << 16)
      else { return false }
      return ProgramFormat(arch: arch)?.isHandled(by: String(decoding: bytes, as: UTF8.self)) ?? false
    }
  }
}
