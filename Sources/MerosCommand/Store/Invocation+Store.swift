import Diagnostics
import Host
import LinuxHost
import Reconcile
import SystemPackage

extension Invocation {
  /// What is in the store, with who needs it: disks, machines, work under way, and manifests, those that are named and
  /// those of constellations that have disks here and are found by their names.
  func storeItems(_ arguments: [String], _ site: Site, _ host: Host) async throws(CommandFailure) -> [StoreItem] {
    var items: [StoreItem]
    do { items = try await host.store.items() } catch { throw .host(error) }
    var (goals, _) = arguments.isEmpty ? ([], Diagnostics()) : try await goals(arguments, site, host)
    guard !items.isEmpty else { return [] }
    let known = Set(goals.map(\.constellation))
    for name in try constellations(site) where !known.contains(name) {
      // One that lies elsewhere is not found; its disks speak for it.
      guard let folder = try? loader(site, host).folder, (try? ConstellationPath.find(name, in: folder)) != nil else {
        continue
      }
      goals += try await self.goals([name], site, host).0
    }
    for goal in goals {
      let wanted = goal.graph.storeAddresses
      for index in items.indices where wanted.contains(items[index].address) {
        items[index].users.insert(.manifest(constellation: goal.constellation))
      }
    }
    return items
  }

  /// Those that have disks.
  private func constellations(_ site: Site) throws(CommandFailure) -> [String] {
    do {
      return try site.data.root.appending("disks").folderEntries().map(\.string).filter(Loader.isName)
    } catch {
      throw .host(error)
    }
  }
}

extension ResourceGraph {
  /// The entries of the store that it wants.
  var storeAddresses: Set<StoreAddress> {
    Set(
      resources.keys.compactMap { address in StoreKind(rawValue: address.kind).map { StoreAddress($0, address.name) } })
  }
}
