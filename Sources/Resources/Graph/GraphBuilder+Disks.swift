import Diagnostics
import Host
import Manifest
import Network
import Reconcile

extension GraphBuilder {
  /// The root disk first, then the data disks in their order.
  func diskResources(of machine: VirtualMachineSpec, image: Image?) -> [Disk] {
    let name = machine.name.value
    let content: DiskDesign.Content
    let format: DiskFormat
    let size: ByteCount?
    if let image {
      content = .overlay(image: image.name)
      format = .qcow2
      size = nil
    } else if case .own(let own) = machine.root {
      content = .own
      format = DiskFormat(own.format)
      size = own.size.value
    } else {
      return []
    }
    let root = DiskDesign(
      scope: scope, name: name, content: content, format: format, size: size, isProtected: machine.isProtected.value)
    return [Disk(root, of: image, followsImage: machine.onImageChange.value == .rebuild)]
      + machine.disks.map { disk in
        Disk(
          DiskDesign(
            scope: scope, name: Self.dataDiskName(disk, of: machine),
            content: .data(fileSystem: disk.fileSystem?.value.rawValue, label: disk.label.value),
            format: DiskFormat(disk.format.value), size: disk.size.value, isProtected: machine.isProtected.value))
      }
  }

  /// The disks as the VM sees them.
  func machineDisks(of machine: VirtualMachineSpec) -> [MachineDesign.Disk] {
    var root = MachineDesign.Disk(name: machine.name.value, serial: "root")
    if case .own(let own) = machine.root {
      root.size = own.size.value
      root.format = DiskFormat(own.format)
    }
    return [root]
      + machine.disks.enumerated().map { index, disk in
        MachineDesign.Disk(
          name: Self.dataDiskName(disk, of: machine), serial: Self.serial(disk.label.value),
          mountPoint: disk.mountPoint?.value, fileSystem: disk.fileSystem?.value.rawValue,
          size: disk.size.value, format: DiskFormat(disk.format.value))
      }
  }

  private static func dataDiskName(_ disk: DiskSpec, of machine: VirtualMachineSpec) -> String {
    "\(machine.name.value)/\(disk.label.value)"
  }

  /// virtio serials have at most 20 bytes (VIRTIO_BLK_ID_BYTES, linux/virtio_blk.h), and `root` and `modules` are meros's
  /// own.
  private static func serial(_ label: String) -> String {
    guard label.utf8.count > 20 || label == "root" || label == "modules" else { return label }
    return "data-\(String(stableHash(label) & 0xffff_ffff_ffff, radix: 16))"
  }
}

extension DiskFormat {
  fileprivate init(_ written: DiskSpec.Format) {
    switch written {
    case .qcow2: self = .qcow2
    case .raw: self = .raw
    }
  }
}
