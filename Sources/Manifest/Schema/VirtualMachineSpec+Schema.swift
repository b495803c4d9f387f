extension VirtualMachineSpec {
  static let schema = SectionSchema("a virtual machine", system + hardware + life)

  /// What it is made of.
  private static let system: [SectionSchema.Key] =
    [
      .init(
        "distribution", .words(DistributionSpec.Distribution.self),
        "What its image is built from. Default: `debian`, unless `use` or an old-style root disk says what it boots.")
    ] + DistributionSpec.schemaKeys + [
      .init(
        "arch", .word(Architecture.allCases.map(\.rawValue) + Architecture.otherNames.keys.sorted()),
        "What it runs on; another than this machine's is emulated. Default: `x86_64`."),
      .init("packages", .list(.text("nginx", "curl")), "To install besides what every image has."),
      .init("hooks_network", .boolean, "Hooks may reach the network while the image is built. Default: false."),
      .init("use", .text("base.qcow2"), "An existing image to clone and configure instead of building one."),
      .init(
        "boot", .words(Boot.self),
        "`kernel`: QEMU loads the kernel. `bios`, `efi`: the disk's own loader. Default: `kernel`; with `use` and "
          + "no kernel what the image has."
      ),
      .init(
        "kernel", .text("mainline", "./bzImage"), "A name out of `kernels`, or a path. Default: the distribution's."),
      .init("cmdline", .text("quiet"), "Appended to the kernel's command line."),
      .init(
        "build_free_mb", .number(0...67_108_864), "Room on the root disk beyond what is on it, in MiB. Default: 500."),
      .init("disk_size", .text("4G"), "The size of the whole root disk, in place of `build_free_mb`."),
    ]

  /// What QEMU gives it.
  private static let hardware: [SectionSchema.Key] = [
    .init("memory", .textOrNumber("512M", "2G"), "A bare number counts MiB. Default: 512M."),
    .init("cpus", .number(1...255), "How many processors. Default: 1."),
    .init(
      "kvm", .either(.boolean, .word(["auto"])),
      "`auto` (default): proven before it is trusted, else emulation with a note. true: the same with a warning. "
        + "false: emulation."
    ),
    .init(
      "display", .either(.boolean, .word(["vnc"])),
      "true, `vnc`: a screen, on a socket that root alone opens; `meros connect --display` shows it. Default: false."),
    .init("networks", .list(.section(NetworkSpec.schema)), "Its network interfaces."),
    .init("disks", .list(.section(DiskSpec.schema)), "Its data disks."),
    .init("limits", .section(LimitsSpec.schema), "What it may take of the host."),
    .init("qemu_args", .list(.text("-device virtio-rng-pci")), "Appended to QEMU's command line as they are."),
  ]

  /// How it lives.
  private static let life: [SectionSchema.Key] = [
    .init("user", .section(UserSpec.schema), "A login besides root."),
    .init(
      "ready", .either(.word(["ssh", "none"]), .section(ReadinessSpec.schema)),
      "When it counts as ready. Default: `ssh`."),
    .init("depends_on", .list(.text("db")), "Machines that are ready before this one is started."),
    .init(
      "on_image_change", .words(ImageChange.self),
      "`rebuild` (default): the root disk starts anew on the new image. `keep`: it goes on with the old one, "
        + "shown as pending."
    ),
    .init("protect", .boolean, "true: never deleted or rebuilt, also not by destroy. Default: false."),
  ]
}

extension UserSpec {
  static let schema = SectionSchema(
    "a user",
    [
      .init("name", .text("debian"), isRequired: true, "The login."),
      .init("keys", .list(.text("ssh-ed25519 AAAA… name")), "Public keys that may log in besides meros's own."),
    ])
}

extension ReadinessSpec {
  static let schema = SectionSchema(
    "ready",
    [
      .init("ssh", .boolean, "Its ssh server answers with the machine's own key."),
      .init("console", .text("login:"), "This text stands on its serial console."),
      .init("tcp", .number(1...65535), "This port answers."),
      .init("timeout", .textOrNumber("120s", "5m"), "A bare number counts seconds."),
    ])
}

extension LimitsSpec {
  static let schema = SectionSchema(
    "a virtual machine's limits",
    [
      .init("cpu", .text("150%"), "A share of one processor."),
      .init("memory", .textOrNumber("1G"), "A bare number counts MiB."),
      .init("io", .text("100M"), "Bytes in a second."),
    ])
}
