package import Host
package import Network

/// A whole machine in memory: every power keeps its state, and all share one plan of faults.
package struct MemoryHost: Sendable {
  package let faults: FaultPlan
  package let links: MemoryLinks
  package let packetFilter: MemoryPacketFilter
  package let forwarding: MemoryForwarding
  package let store: MemoryStore
  package let disks: MemoryDisks
  package let keys: MemoryKeys
  package let machines: MemoryMachines
  package let nameservers: MemoryNameservers
  package let sockets: MemorySockets
  package let inputs: MemoryInputFiles

  package init(
    links others: [Link] = [], tables: [Table] = [], listeners: Set<Listener> = [],
    inputs: MemoryInputFiles = MemoryInputFiles()
  ) {
    sockets = MemorySockets(listeners)
    faults = FaultPlan()
    links = MemoryLinks(others, faults: faults)
    packetFilter = MemoryPacketFilter(tables, faults: faults)
    forwarding = MemoryForwarding(faults: faults)
    store = MemoryStore(faults: faults)
    disks = MemoryDisks(store: store, faults: faults)
    keys = MemoryKeys(faults: faults)
    machines = MemoryMachines(links: links, disks: disks, faults: faults)
    nameservers = MemoryNameservers(links: links, faults: faults)
    self.inputs = inputs
  }

  package var host: Host {
    Host(
      links: links, packetFilter: packetFilter, forwarding: forwarding, store: store, disks: disks, keys: keys,
      machines: machines, nameservers: nameservers, sockets: sockets, inputs: inputs)
  }
}

/// Files beside a manifest that stand nowhere.
package struct MemoryInputFiles: InputFiles {
  package var trees: [String: [String: String]]
  package var files: [String: String]

  /// - Parameters:
  ///   - trees: the digests of each folder's entries, by the folder's absolute path.
  ///   - files: the digest of each file by its absolute path.
  package init(trees: [String: [String: String]] = [:], files: [String: String] = [:]) {
    self.trees = trees
    self.files = files
  }

  package func tree(_ folder: String) async throws(HostError) -> [String: String]? { trees[folder] }
  package func file(_ path: String) async throws(HostError) -> String? { files[path] }

  package func names(in folder: String) async throws(HostError) -> [String]? {
    let names = files.keys.compactMap { path in
      path.hasPrefix("\(folder)/") ? String(path.dropFirst(folder.count + 1)) : nil
    }
    return names.isEmpty ? nil : names.filter { !$0.contains("/") }.sorted()
  }
}
