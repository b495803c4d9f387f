package import Network

/// A disk of a VM as it should be: the file `data/disks/CONSTELLATION/NAME.qcow2`, or `NAME.raw`.
package struct DiskDesign: Hashable, Sendable {
  package var scope: Scope
  /// "web" for a root disk, "web/web-data" for the data disk of that label (the file is `web/web-data.qcow2`).
  package var name: String
  package var content: Content
  package var format: DiskFormat
  /// The size that the guest sees; nil for a root disk: its image's.
  package var size: ByteCount?
  package var isProtected: Bool
  /// What the mark of a new disk says of its VM; a disk that is there keeps what its mark says.
  package var power: PowerState

  package enum Content: Hashable, Sendable {
    /// A qcow2 overlay of an image in the store, by its name there.
    case overlay(image: String)
    /// An own disk, formatted with this file system and label; nil leaves it blank.
    case data(fileSystem: String?, label: String)
    /// The guest boots what is on it: a root disk that no image made, blank at first.
    case own
  }

  package init(
    scope: Scope, name: String, content: Content, format: DiskFormat = .qcow2, size: ByteCount?, isProtected: Bool,
    power: PowerState = .on
  ) {
    self.scope = scope
    self.name = name
    self.content = content
    self.format = format
    self.size = size
    self.isProtected = isProtected
    self.power = power
  }
}

/// What a disk's file is. Its name ends in that: of what a guest wrote into a file nothing is concluded.
package enum DiskFormat: String, Hashable, Sendable, CaseIterable {
  case qcow2
  /// Every byte at its place, with holes where nothing was written. It stands on no image and holds no snapshots.
  case raw
}

/// Whether a VM is meant to run.
package enum PowerState: String, Hashable, Sendable {
  case on, off
}

/// A disk as it is: read from its file and the mark beside it.
package struct ObservedDisk: Hashable, Sendable {
  package var name: String
  /// The name of the store entry that its backing file lies in; nil when it has none.
  package var image: String?
  /// The digest that the image had when the disk was made on it; nil when that is not known. An overlay of an image of
  /// other bytes is rubbish.
  package var imageDigest: String?
  /// The backing file is named but gone.
  package var isBroken: Bool
  /// What the mark says it was made for; nil when the mark is lost (then it is taken for a data disk).
  package var content: DiskDesign.Content?
  package var format: DiskFormat
  /// What of its name there is besides, in the other format; nil: nothing.
  package var otherFile: OtherFile?
  /// How many snapshots its file holds, whoever made them.
  package var snapshotCount: Int
  /// The size that the guest sees.
  package var size: ByteCount
  package var isProtected: Bool
  package var power: PowerState
  /// When it was made, in seconds since 1970; nil where its mark does not say.
  package var madeAt: Int64?

  package enum OtherFile: Hashable, Sendable {
    /// Of no use: a conversion was killed before it deleted what it had read.
    case remains
    /// Somebody else's.
    case foreign
  }

  package init(
    name: String, image: String?, imageDigest: String? = nil, isBroken: Bool, content: DiskDesign.Content?,
    format: DiskFormat = .qcow2, otherFile: OtherFile? = nil, snapshotCount: Int = 0, size: ByteCount,
    isProtected: Bool, power: PowerState, madeAt: Int64? = nil
  ) {
    self.name = name
    self.image = image
    self.imageDigest = imageDigest
    self.isBroken = isBroken
    self.content = content
    self.format = format
    self.otherFile = otherFile
    self.snapshotCount = snapshotCount
    self.size = size
    self.isProtected = isProtected
    self.power = power
    self.madeAt = madeAt
  }
}

extension ObservedDisk {
  /// The VM that it is called after.
  package var machine: String { String(name.prefix { $0 != "/" }) }
}

package protocol Disks: Sendable {
  func disks(of scope: Scope) async throws(HostError) -> [ObservedDisk]
  /// Creates the disk when it is missing, marks it, converts it to the design's format, and grows it; never shrinks,
  /// never empties. Who converts it may let nobody use it.
  func ensure(_ design: DiskDesign) async throws(HostError)
  /// Writes into the disk's mark whether its VM is meant to run. Throws `missing` where there is no mark.
  func setPower(_ power: PowerState, _ name: String, of scope: Scope) async throws(HostError)
  /// Deletes the disk and its mark.
  func remove(_ name: String, of scope: Scope) async throws(HostError)
}
