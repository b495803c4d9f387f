import Diagnostics
import Network
import YAML

/// The root disk and the data disks, from `use`, `distribution` and `disks` together.
struct WrittenDisks {
  var root: RootDisk
  var data: [DiskSpec] = []
  /// What the old form's `size_gb` says of a root disk that is built or cloned.
  var rootSize: Located<ByteCount>?

  init(_ section: Section, _ faults: inout Diagnostics) {
    let image = section.value("use", .argument("the path of an image", like: "base.qcow2"), &faults)
    let distribution = section.value("distribution", Form<DistributionSpec.Distribution>.word, &faults)
    var old: RootDisk.OwnDisk?
    var oldFormat: Located<DiskSpec.Format>?
    for node in section.nodes("disks", &faults) {
      switch WrittenDisk(node, &faults) {
      case .data(let disk): data.append(disk)
      case .old(let label, let size, let format, _) where old == nil:
        old = RootDisk.OwnDisk(label: label, size: size, format: format.value)
        oldFormat = format
      case .old(let label, let size, let format, let location):
        data.append(DiskSpec(label: label, size: size, format: format, location: location))
      case nil: break
      }
    }
    // What the VM says itself goes before what defaults say.
    let setsImage = section.sets("use")
    let setsDistribution = section.sets("distribution")
    if let image, distribution != nil, setsImage == setsDistribution {
      faults.error(
        "a virtual machine is built from a distribution or cloned from an image, not both", at: image.location,
        remedy: "leave out use or distribution")
    }
    if let image, distribution == nil || setsImage || !setsDistribution {
      root = .image(image)
      rootSize = old?.size
    } else if let old, distribution == nil {
      root = .own(old)
    } else {
      root = .built(DistributionSpec(section, distribution, &faults))
      rootSize = old?.size
    }
    if case .own = root { return }
    if let oldFormat, oldFormat.value == .raw {
      faults.warning(
        "format raw does nothing for a root disk that stands on an image", at: oldFormat.location,
        remedy: "leave it out: such a disk is qcow2")
    }
  }
}
