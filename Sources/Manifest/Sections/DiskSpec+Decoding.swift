import Diagnostics
import Network
import YAML

/// An entry of `disks`, of either form.
enum WrittenDisk {
  case data(DiskSpec)
  /// The old form: `{label: X.qcow2, fs_type: qcow2, size_gb: 20}`, where `fs_type` is the format.
  case old(label: Located<String>, size: Located<ByteCount>, format: Located<DiskSpec.Format>, location: SourceLocation)

  private static let keys = Section.Keys(
    DiskSpec.schema, meant: ["name": "label", "mount": "mount_point", "filesystem": "fs_type"])

  /// nil where label or size cannot be read, which is reported.
  init?(_ node: YAMLNode, _ faults: inout Diagnostics) {
    guard let section = Section(node, at: node.location, Self.keys, &faults) else { return nil }
    let label = section.required("label", .line("a name", like: "data"), &faults)
    let word = section["fs_type"]?.value.scalar.flatMap { DiskSpec.Format(rawValue: $0.text) }
    let size: Located<ByteCount>?
    if section["size_gb"] != nil {
      size = section.value("size_gb", .gibibytes, &faults)
      if let entry = section["size"] {
        faults.error("size says again what size_gb says", at: entry.keyLocation, remedy: "leave out one of the two")
      }
    } else {
      size = section.required("size", .diskSize, &faults)
    }
    let format = section.value("format", Form<DiskSpec.Format>.word, &faults)
    let mountPoint = section.value("mount_point", .mountPoint, &faults)
    let isOld = (section["size_gb"] != nil || word != nil) && mountPoint == nil
    let fileSystem = word == nil ? section.value("fs_type", DiskSpec.fileSystemForm, &faults) : nil
    guard let label, let size else { return nil }
    let name = label.map { $0.withoutSuffix([".qcow2", ".raw"]) }
    NameForm.disk.check(name, &faults)
    let usual = Located(word ?? .qcow2, at: label.location)
    if isOld, fileSystem == nil {
      self = .old(label: name, size: size, format: format ?? usual, location: node.location)
      return
    }
    var written = fileSystem?.value
    if section["fs_type"] == nil { written = .some(.ext4) }
    let made = written.map { Located($0, at: section["fs_type"]?.value.location ?? label.location) }
    if let mountPoint, made == nil {
      faults.error(
        "a disk without a file system cannot be mounted", at: mountPoint.location, remedy: "write fs_type: ext4")
    }
    self = .data(
      DiskSpec(
        label: name, size: size, fileSystem: made, mountPoint: mountPoint,
        format: format ?? Located(.qcow2, at: label.location), location: node.location))
  }
}

extension DiskSpec {
  /// `none` leaves the disk blank.
  fileprivate static let fileSystemForm = Form<FileSystem?>(
    noun: "one of ext4, xfs, btrfs, none", example: "ext4"
  ) { scalar in
    scalar.text == "none" ? .some(nil) : FileSystem(rawValue: scalar.text).map { .some($0) }
  }
}

extension String {
  /// Without the first of the suffixes that it ends with.
  fileprivate func withoutSuffix(_ suffixes: [String]) -> String {
    guard let suffix = suffixes.first(where: { hasSuffix($0) }) else { return self }
    return String(dropLast(suffix.count))
  }
}
