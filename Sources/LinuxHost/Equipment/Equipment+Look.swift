import Glibc
package import Host
package import Netlink
import Network
package import SystemPackage

extension Equipment {
  /// Looks at this machine.
  ///
  /// - Parameters:
  ///   - programs: names, and what makes each tell its version; nil: it is only looked for.
  ///   - architectures: what machines may be of.
  ///   - data: the data directory, which need not exist.
  package static func look(
    for programs: [String: String?], architectures: [String] = [], data: FilePath, in namespace: NetworkNamespace,
    on host: Host
  ) async throws(HostError) -> Equipment {
    let (accelerator, reason) = await host.machines.accelerator(arch: machineArchitecture)
    let memory = meminfo(String(decoding: try FilePath("/proc/meminfo").contents(), as: UTF8.self))
    // The second is Debian's own; where it is missing, it forbids nothing.
    let userNamespaces = [try setting("user/max_user_namespaces"), try setting("kernel/unprivileged_userns_clone")]
    let release = try FilePath("/etc/os-release").contentsIfPresent() ?? []
    var emulations: [String: Emulation] = [:]
    for arch in architectures where arch != machineArchitecture {
      emulations[arch] = await host.emulators.emulation(of: arch)
    }
    return Equipment(
      programs: await versions(of: programs), accelerator: accelerator, emulationReason: reason, emulations: emulations,
      permitsUserNamespaces: !userNamespaces.contains("0"),
      bridgeFilter: try bridgeFilter(in: namespace), memory: memory["MemTotal"] ?? ByteCount(bytes: 0),
      availableMemory: memory["MemAvailable"] ?? ByteCount(bytes: 0), freeSpace: try freeSpace(at: data),
      system: PackagedSystem(osRelease: String(decoding: release, as: UTF8.self)))
  }

  private static func versions(of programs: [String: String?]) async -> [String: Version] {
    await withTaskGroup(of: (String, Version)?.self) { group in
      for (name, option) in programs {
        group.addTask { await version(of: name, option).map { (name, $0) } }
      }
      return await group.reduce(into: [:]) { all, found in
        if let (name, version) = found { all[name] = version }
      }
    }
  }

  /// nil when the program is not there. One that does not tell its version is there all the same.
  private static func version(of name: String, _ option: String?) async -> Version? {
    guard let option else { return Program(name).isInstalled ? .notAsked : nil }
    let program = Program(name, [option], timeout: .seconds(60), capturesOutput: true)
    do {
      let result = try await program.result("ask \(name) for its version")
      let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
      return (lines.first ?? result.lastLines.first).map(Version.line) ?? .notAsked
    } catch {
      if case .missingProgram = error.cause { return nil }
      return .notAsked
    }
  }

  private static func bridgeFilter(in namespace: NetworkNamespace) throws(HostError) -> BridgeFilter {
    do {
      let value = try namespace.run { () throws(NetlinkError) in
        try KernelSetting("net/bridge/bridge-nf-call-iptables").value()
      }
      return value.map { $0 == "0" ? .off : .on } ?? .absent
    } catch {
      throw HostError("look at br_netfilter", .system(errno: error.code, call: error.call))
    }
  }

  private static func setting(_ name: String) throws(HostError) -> String? {
    do { return try KernelSetting(name).value() } catch {
      throw HostError("look at the kernel's settings", .system(errno: error.code, call: error.call))
    }
  }

  /// Of the file system that the folder, or the nearest one above it that exists, lies on.
  private static func freeSpace(at folder: FilePath) throws(HostError) -> ByteCount {
    var place = try folder.absolute()
    while !place.exists, place.removeLastComponent() {}
    var status = statvfs()
    guard unsafe place.withPlatformString({ unsafe statvfs($0, &status) }) == 0 else {
      throw HostError("look for room at \(place)", .lastCall("statvfs"))
    }
    return ByteCount(bytes: UInt64(status.f_bavail) * UInt64(status.f_frsize))
  }

  /// The lines of /proc/meminfo, whose unit is KiB (proc(5)).
  static func meminfo(_ text: String) -> [String: ByteCount] {
    text.split(separator: "\n").reduce(into: [:]) { all, line in
      let parts = line.split(whereSeparator: { $0 == ":" || $0 == " " })
      if parts.count >= 2, let number = UInt64(parts[1]) { all[String(parts[0])] = ByteCount(bytes: number << 10) }
    }
  }
}
