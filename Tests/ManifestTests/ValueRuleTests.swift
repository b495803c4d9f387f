import Testing

/// Rules about one key and its value.
@Suite struct ValueRuleTests {
  @Test(arguments: [
    ("brdges: {}", "1:1 error: a manifest has no key brdges (did you mean bridges?)"),
    ("vms: {}", "1:1 error: a manifest has no key vms (write virtual_machines)"),
    (
      "colour: red",
      "1:1 error: a manifest has no key colour (it has name, kernels, bridges, flows, forwards, expect, defaults, "
        + "virtual_machines)"
    ),
    (
      "bridges: {lan: {subnet: 10.0.0.1/24, polcy_type: nat}}",
      "1:38 error: a bridge has no key polcy_type (did you mean policy_type?)"
    ),
    (
      "virtual_machines: {web: {extra_args: []}}",
      "1:26 error: a virtual machine has no key extra_args (write qemu_args)"
    ),
    (
      "virtual_machines: {web: {networks: [{bridg: lan}]}}",
      "1:37 error: bridge is missing (write bridge: lan)|1:38 error: a network has no key bridg (did you mean bridge?)"
    ),
    ("flows: [{from: world, to: 10.0.0.0/8, port: 1}]", "1:39 error: a flow has no key port (write ports: [ … ])"),
  ])
  func unknownKeysAreNamedWithTheNearestKnownOne(text: String, expected: String) {
    #expect(findings(text).joined(separator: "|") == expected)
  }

  @Test(arguments: [
    ("[1]", "1:1 error: a manifest should be a mapping, not a list (write keys and values: name, kernels, bridges, …)"),
    ("text", "1:1 error: a manifest should be a mapping, not text (write keys and values: name, kernels, bridges, …)"),
    (
      "bridges: [lan]",
      "1:10 error: bridges should be a mapping from names, not a list (write each with its name before it: NAME: { … })"
    ),
    ("flows: {from: web}", "1:8 error: flows should be a list, not a mapping (write it in brackets: flows: [ … ])"),
    ("name: [lab]", "1:7 error: name should be a name, not a list (write it like lab)"),
    (
      "virtual_machines: {web: 1}",
      "1:25 error: a virtual machine should be a mapping, not 1 (write keys and values: distribution, release, mirror, …)"
    ),
  ])
  func wrongTypesAreRefused(text: String, expected: String) {
    #expect(findings(text) == [expected])
  }

  @Test(arguments: [
    ("memory: [1]", "memory should be an amount of memory, up to 16T, not a list"),
    ("memory: 0", "memory should be an amount of memory, up to 16T, not 0"),
    ("memory: 99999999999G", "memory should be an amount of memory, up to 16T, not 99999999999G"),
    ("memory: -1", "memory should be an amount of memory, up to 16T, not -1"),
    ("cpus: 0", "cpus should be a number from 1 to 255, not 0"),
    ("cpus: two", "cpus should be a number from 1 to 255, not two"),
    ("kvm: maybe", "kvm should be auto, true or false, not maybe"),
    ("kvm: 'true'", "kvm should be auto, true or false, not true"),
    ("display: gtk", "display should be true, false or vnc, not gtk"),
    ("protect: 1", "protect should be true or false, not 1"),
    ("arch: arm", "arch should be one of x86_64, aarch64, riscv64, not arm"),
    ("distribution: arch", "distribution should be one of debian, alpine, ubuntu, not arch"),
    ("release: -x", "release should be a release, not -x"),
    ("packages: nginx", "packages should be a list, not nginx"),
    ("packages: ['--force']", "packages should be the name of a package, not --force"),
    ("packages: ['a b']", "packages should be the name of a package, not a b"),
    ("packages: [~]", "packages should be the name of a package, not nothing"),
    ("cmdline: \"a\\nb\"", "cmdline should be a line, not such a long text"),
    ("kernel: ''", "kernel should be the name of a kernel or a path, not an empty text"),
    ("boot: uefi", "boot should be one of kernel, bios, efi, not uefi"),
    ("build_free_mb: 1G", "build_free_mb should be a number of MiB, not 1G"),
    ("disk_size: 4", "disk_size should be a size with a unit, up to 64T, not 4"),
    ("on_image_change: no", "on_image_change should be one of rebuild, keep, not no"),
    ("ready: sometime", "ready should be ssh, none, {console: TEXT} or {tcp: PORT}, not sometime"),
    ("ready: {tcp: 70000}", "tcp should be a port from 1 to 65535, not 70000"),
    ("ready: {ssh: true, tcp: 1}", "ready waits for one thing, not for ssh and tcp"),
    ("ready: {timeout: soon}", "timeout should be a time, not soon"),
    ("limits: {cpu: 150}", "cpu should be a share of one processor, not 150"),
    ("limits: {io: fast}", "io should be bytes in a second, with a unit, not fast"),
    ("limits: 1", "a virtual machine's limits should be a mapping, not 1"),
    ("user: {keys: []}", "name is missing"),
    ("user: {name: root}", "root has a login anyway"),
    ("user: {name: Me}", "name should be a login of at most 32 of a-z, 0-9, _ and -, not Me"),
    ("user: {name: me, keys: [abc]}", "keys should be a public key in one line, not abc"),
    ("qemu_args: [\"-name 'x\"]", "qemu_args should be options of QEMU in one line, not -name 'x"),
    ("disks: [{size: 1G}]", "label is missing"),
    ("disks: [{label: a}]", "size is missing"),
    ("disks: [{label: a, size: 10}]", "size should be a size with a unit, up to 64T, not 10"),
    ("disks: [{label: a, size: 1G, size_gb: 1}]", "size says again what size_gb says"),
    ("disks: [{label: a, size: 1G, fs_type: ntfs}]", "fs_type should be one of ext4, xfs, btrfs, none, not ntfs"),
    ("disks: [{label: a, size: 1G, mount_point: srv}]", "mount_point should be an absolute path below /, not srv"),
    (
      "disks: [{label: a, size: 1G, mount_point: /a/../b}]",
      "mount_point should be an absolute path below /, not /a/../b"
    ),
    ("disks: [{label: a, size: 1G, mount_point: /}]", "mount_point should be an absolute path below /, not /"),
    ("disks: [{label: a, size: 1G, fs_type: none, mount_point: /a}]", "a disk without a file system cannot be mounted"),
    ("disks: [{label: -a, size: 1G}]", "the name -a of a disk begins with -"),
    ("disks: [{label: ../a, size: 1G}]", "the name ../a of a disk has characters other than A-Z, a-z, 0-9, _, . and -"),
    ("use: -x", "use should be the path of an image, not -x"),
    (
      "{use: a, distribution: debian}",
      "a virtual machine is built from a distribution or cloned from an image, not both"
    ),
    (
      "{boot: kernel, disks: [{label: a, size_gb: 1}]}",
      "boot: kernel needs a kernel: there is no distribution to take one of"
    ),
  ])
  func valuesOfAVirtualMachineAreChecked(keys: String, summary: String) throws {
    let found = findings("virtual_machines:\n  web:\n    \(keys)\n")
    #expect(found.count == 1)
    let first = try #require(found.first)
    #expect(first.contains(" error: \(summary) ("))
    #expect(first.hasPrefix("3:"))
  }

  @Test(arguments: [
    ("allowed_ports: [70000]", "allowed_ports should be a port or a range of ports from 1 to 65535, not 70000"),
    ("allowed_ports: [0]", "allowed_ports should be a port or a range of ports from 1 to 65535, not 0"),
    ("allowed_ports: [10-5]", "allowed_ports should be a port or a range of ports from 1 to 65535, not 10-5"),
    ("allowed_ports: [22/sctp]", "allowed_ports should be a port or a range of ports from 1 to 65535, not 22/sctp"),
    ("allowed_ips: [1.2.3]", "allowed_ips should be an address or a prefix, not 1.2.3"),
    ("policy_type: closed", "policy_type should be one of host-access, isolated, nat, routed, open, not closed"),
    ("peers: closed", "peers should be one of open, isolated, not closed"),
    ("mtu: 100", "mtu should be a number from 576 to 65535, not 100"),
    ("subnet6: 10.0.0.0/24", "subnet6 should be an IPv6 address with the length of its subnet, not 10.0.0.0/24"),
    ("{subnet6: 'fd00::1/64', mtu: 1000}", "mtu should be a number from 1280 to 65535, not 1000"),
    ("{policy_type: isolated, allowed_ports: [22]}", "allowed_ports means nothing on an isolated bridge"),
  ])
  func valuesOfABridgeAreChecked(keys: String, summary: String) {
    let braced = keys.hasPrefix("{") ? String(keys.dropFirst().dropLast()) : keys
    let found = findings("bridges:\n  lan: {subnet: 10.0.0.1/24, \(braced)}\n")
    #expect(found.count == 1)
    #expect(found.first?.contains(" error: \(summary) (") == true)
  }

  @Test(arguments: [
    ("source: svn", "source should be one of git, distribution, file, not svn"),
    ("path: x", "source is missing"),
    ("source: file", "path is missing"),
    ("{source: file, path: x, ref: y}", "ref means nothing with source: file"),
    ("{source: git, path: x}", "path means nothing with source: git"),
    ("{source: git, url: --upload-pack=x}", "url should be a URL or a path, not --upload-pack=x"),
    ("{source: git, ref: -x}", "ref should be a branch, a tag or a commit, not -x"),
  ])
  func valuesOfAKernelAreChecked(keys: String, summary: String) {
    let found = findings("kernels:\n  mine: \(keys.hasPrefix("{") ? keys : "{\(keys)}")\n")
    #expect(found.count == 1)
    #expect(found.first?.contains(" error: \(summary) (") == true)
  }

  @Test(arguments: [
    ("forwards: [{to: web}]", "host is missing"),
    ("forwards: [{host: 1}]", "to is missing"),
    ("forwards: [{host: 70000, to: web}]", "host should be a port from 1 to 65535, not 70000"),
    ("forwards: [{host: 1, to: web, proto: sctp}]", "proto should be one of tcp, udp, not sctp"),
    ("forwards: [{host: 1, to: web, address: here}]", "address should be an address, not here"),
    ("forwards: [{host: 1, to: web, address: '2001:db8::1'}]", "web has no IPv6 address to lead to"),
    ("flows: [{to: web}]", "from is missing"),
    ("flows: [{from: world, to: web, ports: []}]", "ports lists none"),
    ("flows: [{from: world, to: host}]", "neither side of this flow is a virtual machine, a bridge or an address"),
    (
      "flows: [{from: 'a b', to: web}]",
      "from should be world, host, bridge:NAME, a virtual machine or an address, not a b"
    ),
    (
      "flows: [{from: 10.0.0.0/33, to: web}]",
      "from should be world, host, bridge:NAME, a virtual machine or an address, not 10.0.0.0/33"
    ),
    ("expect: [{from: web, to: world}]", "verdict is missing"),
    ("expect: [{from: web, to: world, verdict: maybe}]", "verdict should be one of allow, deny, not maybe"),
  ])
  func valuesOfFlowsForwardsAndExpectationsAreChecked(keys: String, summary: String) {
    let found = findings(lab() + "\n\(keys)\n")
    #expect(found.count == 1)
    #expect(found.first?.contains(" error: \(summary) (") == true)
  }

  @Test func keysThatDoNothingAreWarnedOf() {
    #expect(
      findings("virtual_machines: {web: {packages: [curl], disks: [{label: a, size_gb: 1}]}}") == [
        "1:26 warning: packages does nothing here (the virtual machine boots its own disk: write distribution: debian to build one)"
      ])
    #expect(
      findings("virtual_machines: {web: {boot: bios, cmdline: quiet, disks: [{label: a, size_gb: 1}]}}") == [
        "1:38 warning: cmdline does nothing with boot: bios (write boot: kernel, or leave it out)"
      ])
  }
}
