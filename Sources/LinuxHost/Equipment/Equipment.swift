package import Host
package import Network

/// What this machine brings for meros, at one moment.
package struct Equipment: Equatable, Sendable {
  /// The programs that were looked for and are there, by name.
  package var programs: [String: Version]
  package var accelerator: Accelerator
  /// Why guests of this machine's own architecture are emulated; nil: KVM was proven.
  package var emulationReason: String?
  /// What this machine lacks for each architecture that is not its own, by its name.
  package var emulations: [String: Emulation]
  /// A user without privileges may make user namespaces.
  package var permitsUserNamespaces: Bool
  package var bridgeFilter: BridgeFilter
  package var memory: ByteCount
  /// What programs can have of it now, as /proc/meminfo's `MemAvailable`.
  package var availableMemory: ByteCount
  /// Where the data directory is, or will be.
  package var freeSpace: ByteCount
  /// nil for a system whose names of packages are not known.
  package var system: PackagedSystem?

  /// What a program says of its version.
  package enum Version: Hashable, Sendable {
    case line(String)
    /// Nobody asked it.
    case notAsked
  }

  /// Whether packets within a bridge pass the filters of IP too (br_netfilter).
  package enum BridgeFilter: Hashable, Sendable {
    case absent, off, on
  }

  package init(
    programs: [String: Version], accelerator: Accelerator, emulationReason: String?,
    emulations: [String: Emulation] = [:], permitsUserNamespaces: Bool, bridgeFilter: BridgeFilter, memory: ByteCount,
    availableMemory: ByteCount, freeSpace: ByteCount,
    system: PackagedSystem?
  ) {
    self.programs = programs
    self.accelerator = accelerator
    self.emulationReason = emulationReason
    self.emulations = emulations
    self.permitsUserNamespaces = permitsUserNamespaces
    self.bridgeFilter = bridgeFilter
    self.memory = memory
    self.availableMemory = availableMemory
    self.freeSpace = freeSpace
    self.system = system
  }
}

/// A family of systems with names of packages in common.
package enum PackagedSystem: String, CaseIterable, Sendable {
  case debian, alpine, fedora

  /// - Parameter release: the text of /etc/os-release (os-release(5)).
  package init?(osRelease release: String) {
    let lines = release.split(separator: "\n")
    let words = ["ID=", "ID_LIKE="].flatMap { key in
      lines.filter { $0.hasPrefix(key) }.flatMap { line in
        line.dropFirst(key.count).filter { $0 != "\"" && $0 != "'" }.split(separator: " ").map(String.init)
      }
    }
    let known = words.lazy.compactMap { $0 == "ubuntu" ? .debian : Self(rawValue: $0) }.first
    guard let known else { return nil }
    self = known
  }
}
