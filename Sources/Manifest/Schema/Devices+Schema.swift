extension NetworkSpec {
  static let schema = SectionSchema(
    "a network",
    [
      .init("label", .text("tap_web_01"), "The link's name on the host, where it fits. Default: a computed name."),
      .init("bridge", .text("lan"), isRequired: true, "The network that it is on."),
      .init(
        "ip_addr", .oneOrMore(.text("10.0.10.21", "fd00:10::21")),
        "One address or a list, IPv4 and IPv6, within the bridge's subnets."),
      .init("mac", .textOrNumber("52:54:00:12:34:56"), "Its Ethernet address. Default: a computed one."),
      .init("model", .text("virtio-net-pci", "e1000"), "QEMU's device. Default: `virtio-net-pci`."),
      .init(
        "gateway", .oneOrMore(.text("10.0.10.1", "none")),
        "One address for each family, also another machine's that routes; or `none`. Default: the bridge's host address."
      ),
      .init("nameserver", .oneOrMore(.text("10.0.10.1", "none")), "Addresses, or `none`."),
      .init(
        "allowed_sources", .list(.text("0.0.0.0/0")),
        "Prefixes that it may send from besides its own addresses: for a machine that routes."),
    ])
}

extension DiskSpec {
  static let schema = SectionSchema(
    "a disk",
    [
      .init("label", .text("data"), isRequired: true, "Its name, unique within the machine."),
      .init("size", .text("10G"), "With a unit."),
      .init(
        "fs_type", .word(FileSystem.allCases.map(\.rawValue) + ["none"] + Format.allCases.map(\.rawValue)),
        "What it is formatted with, `none` for a blank disk. Default: `ext4`. The old form, with `size_gb`, has "
          + "the format here."
      ),
      .init("mount_point", .text("/srv"), "Where the guest mounts it."),
      .init("format", .words(Format.self), "Of the file on the host. Default: `qcow2`."),
      .init("size_gb", .number(1...65536), "The old form of `size`, in GiB."),
    ])
}
