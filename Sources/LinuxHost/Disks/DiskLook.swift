import Host
import Network

/// Looks at the disks of a constellation, one after the other.
struct DiskLook {
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

  /// Adds the disks whose files have these names, unless their marks say that they are not ours.
  /// - Parameter inner: the folder in which they lie, with a slash behind it; empty: that of the constellation.
  mutating func add(_ files: [String], in inner: String = "") throws(HostError) {
    var found: [String: [DiskFormat]] = [:]
    for format in DiskFormat.allCases {
      for file in files where file.hasSuffix(format.ending) && !file.hasPrefix(".") {
        found[String(file.dropLast(format.ending.count)), default: []].append(format)
      }
    }
    for (name, formats) in found.sorted(by: { $0.key < $1.key }) { try add(inner + name, formats) }
  }

  private mutating func add(_ name: String, _ formats: [DiskFormat]) throws(HostError) {
    let mark = try DiskMark.read("\(folder)/\(name).json")
    if let mark, mark.mark.scope != scope { return }
    guard let format = try DiskFormat.choose(name, among: formats, mark) else { return }
    let header = try QCOW2Header.read("\(folder)/\(name)\(format.ending)", as: format)
    let base = header.backingFile
    disks.append(
      ObservedDisk(
        name: name, image: base.flatMap(Self.image), imageDigest: mark?.imageDigest,
        isBroken: base.map { !isPresent($0, below: name) } ?? false, content: mark?.content,
        format: format, otherFile: mark?.remains != nil ? .remains : formats.count > 1 ? .foreign : nil,
        snapshotCount: header.snapshotCount,
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
