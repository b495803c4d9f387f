package import Host
package import Netlink
package import Network
package import SystemPackage

/// Where meros works on this machine: a data directory and a network namespace.
package struct Site: Sendable {
  package let data: DataDirectory
  package let networkNamespace: NetworkNamespace
  private let identity: NetworkNamespace.Identity
  private let cache: DigestCache

  /// - Parameters:
  ///   - path: the data directory.
  ///   - namespaceName: as `ip netns` calls it; nil: the one of this process.
  ///   - create: make the data directory where there is none; false: write nothing.
  package static func open(
    _ path: FilePath, namespaceName: String?, create: Bool
  ) throws(OpenError) -> Site {
    var networkNamespace = NetworkNamespace.current
    do {
      if let namespaceName { networkNamespace = try NetworkNamespace.named(namespaceName) }
    } catch {
      throw .networkNamespace(namespaceName ?? "", error)
    }
    let identity: NetworkNamespace.Identity
    let data: DataDirectory
    do {
      identity = try Self.identity(of: networkNamespace)
      data = try DataDirectory.open(path, create: create)
    } catch {
      throw .host(error)
    }
    return Site(data: data, networkNamespace: networkNamespace, identity: identity, cache: DigestCache(data))
  }

  /// Why there is no site.
  package enum OpenError: Error, Equatable, Sendable {
    /// The namespace of this name.
    case networkNamespace(String, NamespaceError)
    case host(HostError)
  }

  private static func identity(
    of networkNamespace: NetworkNamespace
  ) throws(HostError) -> NetworkNamespace.Identity {
    do {
      return try networkNamespace.identity()
    } catch {
      throw HostError("look at the network namespace", .system(errno: error.code, call: error.call))
    }
  }

  /// For what looks at files alone and needs no privilege: nothing is written, and a data directory that cannot be
  /// read counts as a new one.
  package static func openWithoutPrivileges(_ path: FilePath) throws(HostError) -> Site {
    let identity = try Self.identity(of: .current)
    let data: DataDirectory
    do {
      data = try DataDirectory.open(path, create: false)
    } catch {
      data = try .unreadable(path)
    }
    return Site(data: data, networkNamespace: .current, identity: identity, cache: DigestCache(data))
  }

  /// Every power over this machine.
  package var host: Host {
    let machines = LinuxMachines(data: data, namespace: networkNamespace)
    return Host(
      links: ClaimingLinks(base: LinuxLinks(in: networkNamespace), lock: HostLock(in: identity)),
      packetFilter: LinuxPacketFilter(in: networkNamespace), forwarding: LinuxForwarding(in: networkNamespace),
      store: LinuxStore(data, cache: cache), disks: LinuxDisks(data), keys: LinuxKeys(data),
      machines: machines, snapshots: LinuxSnapshots(machines, LinuxDisks(data)),
      nameservers: LinuxNameservers(in: networkNamespace), limits: LinuxLimits(data),
      sockets: LinuxSockets(in: networkNamespace), inputs: LinuxInputFiles(cache: cache),
      origins: LinuxOrigins(data, digests: cache),
      toolchains: LinuxToolchains(cache: cache), emulators: LinuxEmulators())
  }

  /// Hears what becomes of a constellation.
  /// - Parameters:
  ///   - wanted: the links that its manifest wants, with their addresses.
  ///   - tables: those of the constellation.
  package func watch(
    _ constellation: String, wanted: [LinkName: String], tables: Set<TableIdentity>
  ) throws(HostError) -> HostWatch {
    try HostWatch(data.scope(constellation), data, in: networkNamespace, wanted: wanted, tables: tables)
  }

  package func lock(timeout: Duration) -> ConstellationLock { ConstellationLock(in: identity, timeout: timeout) }

  /// Keeps what was learned of files, for the next run to be faster.
  package func saveCache() throws(HostError) { try cache.save() }
}

extension DataDirectory {
  /// One that this user may not look into.
  fileprivate static func unreadable(_ path: FilePath) throws(HostError) -> DataDirectory {
    DataDirectory(root: try path.absolute(), identity: .random())
  }
}
