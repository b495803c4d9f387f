import Host
import Network
package import Reconcile

extension Disk {
  package static func change(
    _ name: String, from observed: Observed?, to desired: Disk?, under circumstances: Circumstances
  ) -> Change? {
    switch (observed, desired) {
    case (nil, nil): nil
    case (nil, let desired?):
      Change(.create, reasons: desired.facts, disruption: .none, setUp: [EnsureDisk(design: desired.design)])
    case (let observed?, nil):
      Change(
        .delete, disruption: observed.isOverlay ? .rebuild : .dataLoss,
        tearDown: [RemoveDisk(name: name, scope: observed.scope)])
    case (let observed?, let desired?): desired.change(from: observed, circumstances)
    }
  }

  /// `on_image_change: keep`: what the image of the manifest has besides that of the disk.
  package static func pending(_ name: String, from observed: Observed, to desired: Disk) -> Pending? {
    guard !desired.followsImage, !observed.disk.isBroken, case .overlay(let image) = desired.design.content,
      observed.disk.image != nil, observed.disk.image != image
    else { return nil }
    return Pending(desired.address, desired.differences(from: observed, to: image).sorted())
  }

  private func change(from observed: Observed, _ circumstances: Circumstances) -> Change? {
    let renewal = reasonsToRenew(observed, circumstances)
    if !renewal.isEmpty {
      // A VM that was shut down does not come up for it.
      var design = design
      design.power = observed.disk.power
      return Change(
        .replace, reasons: renewal.sorted(), disruption: observed.isOverlay ? .rebuild : .dataLoss,
        tearDown: [RemoveDisk(name: name, scope: design.scope)], setUp: [EnsureDisk(design: design)],
        obstacle: design.isProtected ? .isProtected : stranger(at: observed))
    }
    var reasons: [Reason] = []
    if observed.disk.isProtected != design.isProtected {
      reasons.append(
        Reason("protect", before: "\(observed.disk.isProtected)", after: "\(design.isProtected)"))
    }
    if observed.disk.content == nil { reasons.append(Reason("mark", before: nil, after: "\(name)")) }
    if observed.disk.format != design.format { return conversion(of: observed, reasons) }
    if observed.disk.otherFile == .remains {
      reasons.append(Reason("remains of a conversion", before: "there", after: "gone"))
    }
    let size = design.size ?? observed.disk.size
    if observed.disk.size == size {
      guard !reasons.isEmpty else { return nil }
      return Change(.update, reasons: reasons, disruption: .live, setUp: [EnsureDisk(design: kept(observed))])
    }
    reasons.append(Reason("size", before: "\(observed.disk.size)", after: "\(size)"))
    // Beneath a VM that runs and goes on, by its QEMU. A VM that cannot take it says so itself: it is down by then, and
    // comes back once the disk has grown.
    let grow: [any Action] = [GrowDisk(design: kept(observed), size: size), EnsureDisk(design: kept(observed))]
    return Change(
      .update, reasons: reasons.sorted(), disruption: .live, tearDown: grow, setUp: grow,
      obstacle: obstacle(to: observed))
  }

  /// All that is on it moves to a file of the other format, while nobody uses it: its VM, whose disk it is, restarts for
  /// the same reason.
  private func conversion(of observed: Observed, _ reasons: [Reason]) -> Change {
    var reasons = reasons
    reasons.append(Reason("format", before: observed.disk.format.rawValue, after: design.format.rawValue))
    if let size = design.size, size != observed.disk.size {
      reasons.append(Reason("size", before: "\(observed.disk.size)", after: "\(size)"))
    }
    let ensure: [any Action] = [EnsureDisk(design: kept(observed))]
    return Change(
      .update, reasons: reasons.sorted(), disruption: .restart, tearDown: ensure, setUp: ensure,
      obstacle: obstacle(to: observed))
  }

  /// What forbids to make the disk that is there what the design says.
  private func obstacle(to observed: Observed) -> Change.Obstacle? {
    if let size = design.size, size < observed.disk.size {
      return .shrinks(from: "\(observed.disk.size)", to: "\(size)")
    }
    guard observed.disk.format != design.format else { return nil }
    if let stranger = stranger(at: observed) { return stranger }
    return observed.disk.snapshotCount > 0 ? .holdsSnapshots(observed.disk.snapshotCount) : nil
  }

  /// A file of which nobody knows whose it is: one that would be the disk once that is gone, or the disk's own, where it
  /// has no mark and is not what the design says.
  private func stranger(at observed: Observed) -> Change.Obstacle? {
    let other = DiskFormat.allCases.first { $0 != observed.disk.format }
    if observed.disk.otherFile == .foreign, let other { return .notOurs("the file \(name).\(other.rawValue)") }
    guard observed.disk.content == nil, observed.disk.format != design.format else { return nil }
    return .notOurs("the file \(name).\(observed.disk.format.rawValue)")
  }

  /// The design with the image that the disk stands on and keeps.
  private func kept(_ observed: Observed) -> DiskDesign {
    var design = design
    if case .overlay = design.content, let image = observed.disk.image { design.content = .overlay(image: image) }
    return design
  }

  /// Why the disk cannot stay what it is.
  private func reasonsToRenew(_ observed: Observed, _ circumstances: Circumstances) -> [Reason] {
    if circumstances.isForced { return [Reason("requested", before: nil, after: "replace")] }
    switch design.content {
    case .overlay(let image):
      if observed.disk.image == nil { return [Reason("image", before: nil, after: image)] }
      if observed.disk.image != image {
        // An image that is gone from the store cannot be gone on with.
        if !followsImage, !observed.disk.isBroken { return [] }
        return differences(from: observed, to: image)
      }
      if observed.isOnOtherBytes {
        return [Reason("image digest", before: observed.disk.imageDigest, after: observed.image?.digest)]
      }
      // One that was lost is built again from the same inputs; one that is there is replaced on request.
      if !observed.disk.isBroken, circumstances.replaced.contains(Self.address(ofImage: image)) {
        return [Reason("image", before: image, after: "built anew")]
      }
      return []
    case .data(let fileSystem, _):
      guard case .data(let present, _) = observed.disk.content else {
        return observed.isOverlay ? [Reason("content", before: "root disk", after: "data")] : []
      }
      return present == fileSystem ? [] : [Reason("fs_type", before: present ?? "none", after: fileSystem ?? "none")]
    case .own:
      return observed.isOverlay ? [Reason("image", before: observed.disk.image, after: nil)] : []
    }
  }

  /// Which inputs of the image differ, or, where that is not known, its name.
  private func differences(from observed: Observed, to image: String) -> [Reason] {
    guard let entry = observed.image else {
      return [Reason("image", before: observed.disk.image, after: image)]
    }
    let reasons = Reason.differences(from: entry.inputs, to: imageInputs).map { reason in
      // Of digests nobody reads more than the beginning.
      guard Recipe.group(ofInput: reason.path) != nil else { return reason }
      return Reason(
        reason.path, before: reason.before.map { String($0.prefix(12)) },
        after: reason.after.map { String($0.prefix(12)) })
    }
    return reasons.isEmpty ? [Reason("image", before: entry.name, after: image)] : reasons
  }

  /// What a person is told of a new disk.
  private var facts: [Reason] {
    var facts: [String: String] = [:]
    switch design.content {
    case .overlay(let image): facts["image"] = image
    case .data(let fileSystem, _): facts["fs_type"] = fileSystem ?? "none"
    case .own: break
    }
    if design.format != .qcow2 { facts["format"] = design.format.rawValue }
    if let size = design.size { facts["size"] = "\(size)" }
    if design.isProtected { facts["protect"] = "true" }
    return Reason.differences(from: [:], to: facts)
  }
}

/// Makes the disk what the design says; never shrinks, never empties.
struct EnsureDisk: Action {
  var design: DiskDesign

  var description: String { "create or grow disk \(design.name)" }

  func perform(on host: Host) async throws(HostError) { try await host.disks.ensure(design) }
}

/// Lets the QEMU that has the disk grow it.
struct GrowDisk: Action {
  var design: DiskDesign
  var size: ByteCount

  var description: String { "grow disk \(design.name) to \(size)" }

  func perform(on host: Host) async throws(HostError) {
    try await host.machines.growDisk(design.name, of: design.scope, to: size)
  }
}

struct RemoveDisk: Action {
  var name: String
  var scope: Scope

  var description: String { "delete disk \(name)" }

  func perform(on host: Host) async throws(HostError) { try await host.disks.remove(name, of: scope) }
}
