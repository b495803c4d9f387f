import Host
import Network

/// Looks at the disks of a constellation, one after the other.
struct DiskLook {
  static let ending = ".qcow2"

  let scope: Scope
  /// `disks/CONSTELLATION`
  let folder: String
  private(set) var disks: [ObservedDisk] = []
  /// Whether a backing file is there, by its path: many disks stand on one.
  private var present: [String: Bool] = [:]

  init(scope: Scope, folder: String) {
    self.scope = scope
    self.folder = folder
  }

  /// Adds the disk of this name, unless its mark says that it is not ours.
  mutating func add(_ name: String) throws(HostError) {
    let mark = try DiskMark.read("\(folder)/\(name).json")
    if let mark, mark.mark.scope != scope { return }
    let header = try QCOW2Header.read("\(folder)/\(name)\(Self.ending)")
    let base = header.backingFile
    disks.append(
      ObservedDisk(
        name: name, image: base.flatMap(Self.image), imageDigest: mark?.imageDigest,
        isBroken: base.map { !isPresent($0, below: name) } ?? false, content: mark?.content,
        size: ByteCount(bytes: header.size), isProtected: mark?.isProtected ?? false, power: mark?.power ?? .on,
        madeAt: mark?.madeAt))
  }

  /// `…/store/image/NAME/image.qcow2`: the folder's name.
  private static func image(_ base: String) -> String? {
    let parts = base.split(separator: "/")
    return parts.count >= 2 ? String(parts[parts.count - 2]) : nil
  }

  /// The backing file, relative to the disk's own folder, is there.
  private mutating func isPresent(_ base: String, below name: String) -> Bool {
    var place = base
    if !base.hasPrefix("/") {
      let inner = name.split(separator: "/").dropLast().joined(separator: "/")
      place = "\(folder)/\(inner)/\(base)"
    }
    if let known = present[place] { return known }
    let found = SmallFile.exists(place)
    present[place] = found
    return found
  }
}
