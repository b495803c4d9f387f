import Host
import QMP

/// What stands beside a disk: whose it is, and what must outlive the manifest.
struct DiskMark: Equatable {
  var mark: Mark
  var content: DiskDesign.Content
  var format: DiskFormat
  /// The format from which it is being converted, until the file of that is deleted; nil otherwise.
  var remains: DiskFormat?
  /// Of the image, when the disk was made on it; nil for other disks.
  var imageDigest: String?
  var isProtected: Bool
  var power: PowerState
  /// When the disk was made, in seconds since 1970; nil for one whose mark was written before that was kept.
  var madeAt: Int64?

  /// nil where there is none, or none that can be read.
  static func read(_ path: String) throws(HostError) -> DiskMark? {
    try SmallFile.read(path, limit: 1 << 16).flatMap { JSON(parsing: $0) }.flatMap { DiskMark($0) }
  }

  var json: JSON {
    var members: [String: JSON] = [
      "mark": .string(mark.description), "protect": .bool(isProtected), "power": .string(power.rawValue),
    ]
    if format != .qcow2 { members["format"] = .string(format.rawValue) }
    if let remains { members["remains"] = .string(remains.rawValue) }
    if let madeAt { members["madeAt"] = .integer(madeAt) }
    if let imageDigest { members["imageDigest"] = .string(imageDigest) }
    switch content {
    case .overlay(let image):
      members["content"] = "overlay"
      members["image"] = .string(image)
    case .data(let fileSystem, let label):
      members["content"] = "data"
      members["label"] = .string(label)
      if let fileSystem { members["fileSystem"] = .string(fileSystem) }
    case .own: members["content"] = "own"
    }
    return .object(members)
  }

  init(
    mark: Mark, content: DiskDesign.Content, format: DiskFormat, imageDigest: String?, isProtected: Bool,
    power: PowerState, madeAt: Int64? = nil
  ) {
    self.mark = mark
    self.content = content
    self.format = format
    self.imageDigest = imageDigest
    self.isProtected = isProtected
    self.power = power
    self.madeAt = madeAt
  }

  /// nil where it is not what `json` writes.
  init?(_ json: JSON) {
    guard let mark = json["mark"]?.string.flatMap({ Mark($0) }), case .bool(let isProtected) = json["protect"],
      let power = json["power"]?.string.flatMap(PowerState.init)
    else { return nil }
    switch json["content"]?.string {
    case "overlay":
      guard let image = json["image"]?.string else { return nil }
      content = .overlay(image: image)
    case "data":
      guard let label = json["label"]?.string else { return nil }
      content = .data(fileSystem: json["fileSystem"]?.string, label: label)
    case "own": content = .own
    default: return nil
    }
    guard let format = DiskFormat(rawValue: json["format"]?.string ?? DiskFormat.qcow2.rawValue) else { return nil }
    self.mark = mark
    self.format = format
    remains = json["remains"]?.string.flatMap(DiskFormat.init)
    imageDigest = json["imageDigest"]?.string
    self.isProtected = isProtected
    self.power = power
    madeAt = json["madeAt"]?.integer
  }
}
