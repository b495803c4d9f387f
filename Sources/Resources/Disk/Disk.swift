package import Host
package import Reconcile

/// A disk of a VM: an overlay of an image, or one with data of its own.
package struct Disk: Resource {
  package var design: DiskDesign
  /// What the image of an overlay is made of; empty for other disks.
  package var imageInputs: [String: String]
  /// false: goes on with its old image when there is another one (`on_image_change: keep`).
  package var followsImage: Bool

  package init(_ design: DiskDesign, of image: Image? = nil, followsImage: Bool = true) {
    self.design = design
    imageInputs = image?.recipe.inputs ?? [:]
    self.followsImage = followsImage
  }

  package static let kind = "disk"
  package var name: String { design.name }
  package var dependencies: Set<ResourceAddress> {
    if case .overlay(let image) = design.content { [Self.address(ofImage: image)] } else { [] }
  }

  package struct Observed: Equatable, Sendable {
    package var disk: ObservedDisk
    package var scope: Scope
    /// The image that it stands on, when that is in the store.
    package var image: StoreEntry?

    package init(disk: ObservedDisk, scope: Scope, image: StoreEntry?) {
      self.disk = disk
      self.scope = scope
      self.image = image
    }

    /// The guest's root file system, made from an image: what a new one can replace.
    var isOverlay: Bool {
      switch disk.content {
      case .overlay: true
      case .data, .own: false
      case nil: disk.image != nil
      }
    }

    /// The image has not the bytes any more that the disk was made on.
    var isOnOtherBytes: Bool {
      guard let image, let digest = disk.imageDigest else { return false }
      return image.digest != digest
    }
  }

  static func address(ofImage name: String) -> ResourceAddress { ResourceAddress(kind: Image.kind, name: name) }

  package static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: Observed] {
    let disks = try await host.disks.disks(of: scope)
    guard !disks.isEmpty else { return [:] }
    let images = try await host.store.entries().filter { $0.kind == .image }
    let byName = [String: StoreEntry](images.map { ($0.name, $0) }) { first, _ in first }
    return [String: Observed](
      disks.map { disk in
        (disk.name, Observed(disk: disk, scope: scope, image: disk.image.flatMap { byName[$0] }))
      }
    ) { first, _ in first }
  }

  package static func dependencies(of observed: Observed) -> Set<ResourceAddress> {
    observed.disk.image.map { [address(ofImage: $0)] } ?? []
  }

  package static func reasonToKeep(_ observed: Observed) -> Kept.Reason? {
    if observed.disk.isProtected { return .isProtected }
    return observed.isOverlay ? nil : .dataDisk
  }
}
