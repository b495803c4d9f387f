extension Manifest {
  /// Everything that may be written.
  package static let schema = SectionSchema(
    "a manifest",
    [
      .init(
        "name", .text("lab"),
        "The constellation's name: a lower-case letter, then letters, digits and hyphens, at most 31. Default: "
          + "the directory's name."
      ),
      .init("kernels", .named(.section(KernelSpec.schema)), "Kernels that machines name."),
      .init("bridges", .named(.section(BridgeSpec.schema)), "Networks, and what may pass from their machines."),
      .init(
        "flows", .list(.section(FlowSpec.schema)),
        "Who may start a connection to whom, besides what the policies of the bridges give."),
      .init("forwards", .list(.section(ForwardSpec.schema)), "Ports of the host that lead to a machine."),
      .init(
        "expect", .list(.section(ExpectSpec.schema)),
        "Assertions about who reaches whom, proven against the compiled rules whenever the manifest is read."),
      .init(
        "defaults", .section(VirtualMachineSpec.schema), "Any key of a machine, for all machines that do not set it."),
      .init("virtual_machines", .named(.section(VirtualMachineSpec.schema)), "The machines, by their host names."),
    ])
}

extension KernelSpec {
  static let schema = SectionSchema(
    "a kernel",
    [
      .init(
        "source", .word(["git", "distribution", "file"]), isRequired: true,
        "`git`: built from sources. `distribution`: the packaged kernel of the machine's distribution. `file`: a "
          + "given image."
      ),
      .init(
        "url", .text("https://example.org/linux.git"),
        "With `git`: any URL or path of a repository. Default: Linus's tree."
      ),
      .init(
        "ref", .textOrNumber("master", "v6.12"),
        "With `git`: a branch, tag or commit, resolved once and kept in the lock file until `--update`. Default: "
          + "`master`."
      ),
      .init(
        "config", .list(.text("kernel/extra.config")),
        "With `git`: fragments over meros's own configuration. A line that does not stick is an error."),
      .init("path", .text("./bzImage"), "With `file`: the kernel image."),
      .init(
        "distribution", .words(DistributionSpec.Distribution.self),
        "With `distribution`: of which one. Default: the machine's own."),
    ] + DistributionSpec.schemaKeys)
}

extension BridgeSpec {
  static let schema = SectionSchema(
    "a bridge",
    [
      .init(
        "subnet", .text("10.0.10.1/24"),
        "The host's IPv4 address here and the length of the prefix; the network's own address means its first "
          + "host address."
      ),
      .init("subnet6", .text("fd00:10::1/64"), "The same for IPv6."),
      .init(
        "policy_type", .words(Policy.self),
        "`host-access`: outside by NAT, and of the host `allowed_ports`. `isolated`: each other only. `nat`: "
          + "outside by NAT, not the host. `routed`: outside with their own addresses. `open`: everything, both ways. "
          + "Default: `host-access`."
      ),
      .init(
        "allowed_ports", .list(.textOrNumber("22", "53/udp", "8000-8010/tcp")),
        "Ports of the host that the machines may reach; a bare number is TCP."),
      .init(
        "allowed_ips", .list(.text("192.168.100.0/24", "fd00:99::/64")),
        "Destinations that the machines may reach with any protocol, besides what the policy gives."),
      .init(
        "allow_icmp", .boolean,
        "Machines may ping the host, each other, and whatever else they may reach; ICMP errors always pass."),
      .init(
        "peers", .words(Peers.self),
        "Machines of the bridge among themselves: `open` (default), or only as `flows` say."),
      .init(
        "dns", .boolean,
        "The bridge has a name server at its host addresses that knows every machine. Default: true, but not on "
          + "isolated bridges."
      ),
      .init(
        "auto_create", .boolean, "false: the bridge exists already and stays its owner's; only taps are added."),
      .init("mtu", .number(576...65535), "In bytes. Default: 1500."),
    ])
}
