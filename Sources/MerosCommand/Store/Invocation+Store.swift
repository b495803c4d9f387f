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
      guard let folder = try? loader(site, host).folder, (try? ConstellationPath.find(name, in: folder)) != nil else {
        items.keepKernels(of: name)
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
    do throws(HostError) {
      let disks = site.data.root.appending("disks")
      var names: [String] = []
      for name in try disks.folderEntries()
      where Loader.isName(name.string) && FileKind(disks.appending(name)) == .folder {
        if try !disks.appending(name).folderEntries().isEmpty { names.append(name.string) }
      }
      return names
    } catch {
      throw .host(error)
    }
  }
}

extension [StoreItem] {
  /// Of a constellation whose manifest lies elsewhere: its disks say which images it needs, and nobody which kernels its
  /// machines boot that are at rest.
  mutating func keepKernels(of constellation: String) {
    for index in indices where self[index].address.kind == .kernel {
      self[index].users.insert(.manifest(constellation: constellation))
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
