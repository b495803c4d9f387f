package import Host
package import Network
import Synchronization

/// Disks that are only their facts. An overlay needs its image in `store`.
package final class MemoryDisks: Disks {
  private struct Key: Hashable {
    var scope: Scope
    var name: String
  }

  private let state = Mutex<[Key: ObservedDisk]>([:])
  private let store: MemoryStore
  private let faults: FaultPlan
  /// What the guest of an overlay without a size of its own sees.
  package static let imageSize = ByteCount(bytes: 1 << 30)

  package init(store: MemoryStore, faults: FaultPlan = FaultPlan()) {
    self.store = store
    self.faults = faults
  }

  package func disks(of scope: Scope) async throws(HostError) -> [ObservedDisk] {
    let disks = state.withLock { $0.filter { $0.key.scope == scope }.map(\.value) }
    return disks.sorted { $0.name < $1.name }.map { disk in
      var disk = disk
      disk.isBroken = disk.image.map { !store.contains(.image, $0) } ?? false
      return disk
    }
  }

  package func ensure(_ design: DiskDesign) async throws(HostError) {
    let key = Key(scope: design.scope, name: design.name)
    let before = state.withLock { $0[key] }
    var disk =
      before
      ?? ObservedDisk(
        name: design.name, image: nil, isBroken: false, content: design.content,
        size: design.size ?? Self.imageSize, isProtected: design.isProtected, power: design.power)
    disk.content = design.content
    disk.format = design.format
    disk.isProtected = design.isProtected
    if let size = design.size, disk.size < size { disk.size = size }
    if before == nil, case .overlay(let image) = design.content { disk.image = image }
    if disk == before { return }
    let deed = "\(before == nil ? "create" : "change") disk \(design.name)"
    try faults.check(deed)
    if before == nil, let image = disk.image, !store.contains(.image, image) {
      throw HostError(deed, .missing("store entry image.\(image)"))
    }
    if before == nil, let image = disk.image { disk.imageDigest = store.digest(.image, image) }
    state.withLock { $0[key] = disk }
  }

  package func setPower(_ power: PowerState, _ name: String, of scope: Scope) async throws(HostError) {
    let key = Key(scope: scope, name: name)
    let deed = "note that vm \(name) is \(power.rawValue)"
    guard let before = state.withLock({ $0[key] }) else { throw HostError(deed, .missing("the mark of disk \(name)")) }
    if before.power == power { return }
    try faults.check(deed)
    state.withLock { $0[key]?.power = power }
  }

  package func remove(_ name: String, of scope: Scope) async throws(HostError) {
    let key = Key(scope: scope, name: name)
    guard state.withLock({ $0[key] != nil }) else { return }
    try faults.check("delete disk \(name)")
    state.withLock { $0[key] = nil }
  }

  /// Nothing of any constellation is left.
  package var isEmpty: Bool { state.withLock { $0.isEmpty } }
}
