import Diagnostics
import Manifest
import Network
import Testing

/// Every key of every section, read into its type.
@Suite struct EveryKeyTests {
  private let text = everyKey

  @Test func nothingIsWrongWithIt() {
    #expect(findings(text) == [])
  }

  @Test func kernels() throws {
    let manifest = try read(text)
    #expect(manifest.name.value == "shop")
    let place = manifest.name.location
    #expect(manifest.kernels.map(\.name.value) == ["mainline", "usual", "given"])
    #expect(
      manifest.kernels.map(\.source) == [
        .git(
          url: Located("/src/linux", at: place), ref: Located("v6.12", at: place),
          config: [Located("kernel/extra.config", at: place)]),
        .distribution(nil), .file(Located("./bzImage", at: place)),
      ])
  }

  @Test func bridges() throws {
    let lan = try #require(try read(text).bridge(named: "lan"))
    // A network's own address means its first host.
    #expect(lan.hostAddresses.map { "\($0.value)" } == ["10.0.10.1/24", "fd00:10::1/64"])
    #expect(lan.policy.value == .nat)
    #expect(lan.allowedPorts.map { "\($0.value)" } == ["22/tcp", "53/udp", "8000-8010/tcp"])
    #expect(lan.allowedIPs.map { "\($0.value)" } == ["192.168.100.0/24", "fd00:99::1/128"])
    #expect(lan.allowsICMP?.value == false)
    #expect(lan.peers.value == .isolated)
    #expect(lan.dns?.value == true)
    #expect(lan.isCreated)
    #expect(lan.mtu.value == 9000)
    let outer = try #require(try read(text).bridge(named: "outer"))
    #expect(!outer.isCreated && outer.hostAddresses.isEmpty && outer.dns == nil && !outer.servesNames)
    #expect(outer.policy.value == .hostAccess && outer.allowsICMP == nil && outer.mtu.value == 1500)
  }

  @Test func flowsForwardsAndExpectations() throws {
    let manifest = try read(text)
    #expect(
      manifest.flows.map { "\($0.from) \($0.to) \($0.ports.map(\.value))" } == [
        "web db [5432/tcp, 53/udp]", "world bridge:lan []", "10.9.0.0/16 host [80/tcp]",
      ])
    #expect(
      manifest.forwards.map { "\($0.hostPort) \($0.to) \($0.port) \($0.transport) \($0.address?.description ?? "-")" }
        == ["8080 web 80 udp 127.0.0.1", "443 web 443 tcp -"])
    #expect(
      manifest.expectations.map { "\($0.from) \($0.to) \($0.port?.description ?? "-") \($0.verdict)" } == [
        "web db 5432/tcp allow", "db world - deny",
      ])
    #expect("\(manifest.flows[1].location)" == "f.yml:20:5")
  }

  @Test func aVirtualMachine() throws {
    let web = try #require(try read(text).virtualMachine(named: "web"))
    guard case .built(let spec) = web.root else {
      Issue.record("the root disk is \(web.root)")
      return
    }
    #expect(spec.distribution.value == .ubuntu && spec.release.value == "noble")
    #expect(spec.mirror?.value == "http://example.org/ubuntu")
    #expect(spec.components.map(\.value) == ["main", "universe"])
    #expect(spec.sources.map(\.value) == ["deb http://example.org/x noble main"])
    #expect(spec.keys.map(\.value) == ["keys/mirror.asc"])
    #expect(web.arch.value == .aarch64)
    #expect(web.packages.map(\.value) == ["nginx", "curl"])
    #expect(web.hooksReachNetwork)
    #expect(web.boot?.value == .kernel && web.kernel?.value == .named("mainline"))
    #expect(web.commandLine?.value == "quiet splash")
    #expect(web.memory.value == ByteCount(mebibytes: 768) && web.cpus.value == 4)
    #expect(web.acceleration.value == .unwanted && web.display.value == .vnc)
    #expect(web.buildFree.value == ByteCount(mebibytes: 100) && web.diskSize?.value == ByteCount(mebibytes: 4096))
    #expect(web.user?.name.value == "debian" && web.user?.keys.map(\.value) == ["ssh-ed25519 AAAA me"])
    #expect(web.limits?.cpuPercent?.value == 150 && web.limits?.memory?.value == ByteCount(mebibytes: 1024))
    #expect(web.limits?.io?.value == ByteCount(mebibytes: 100))
    let place = web.name.location
    #expect(web.readiness.probe == .console(Located("login:", at: place)))
    #expect(web.readiness.timeout?.value == .seconds(300))
    #expect(web.dependsOn.map(\.value) == ["db"])
    #expect(web.onImageChange.value == .keep && web.isProtected.value)
    #expect(web.qemuWords == ["-device", "virtio-rng-pci", "-name", "a b"])
  }

  @Test func networksAndDisks() throws {
    let manifest = try read(text)
    let web = try #require(manifest.virtualMachine(named: "web"))
    let network = try #require(web.networks.first)
    #expect(network.label?.value == "tap_web_01" && network.bridge.value == "lan")
    #expect(network.addresses.map { "\($0.value)" } == ["10.0.10.21/24", "fd00:10::21/64"])
    #expect(network.mac?.value == MACAddress("52:54:00:00:00:01") && network.model.value == "e1000")
    #expect(network.gateways?.map { "\($0.value)" } == ["10.0.10.22", "fd00:10::1"])
    #expect(network.nameservers?.map { "\($0.value)" } == ["9.9.9.9"])
    #expect(network.allowedSources.map { "\($0.value)" } == ["0.0.0.0/0"])
    let disk = try #require(web.disks.first)
    #expect(disk.label.value == "web-data" && disk.size.value == ByteCount(mebibytes: 10240))
    #expect(disk.fileSystem?.value == .xfs && disk.mountPoint?.value == "/srv/data" && disk.format.value == .raw)
    #expect(web.disks.last?.fileSystem == nil && web.disks.last?.format.value == .qcow2)
    let db = try #require(manifest.virtualMachine(named: "db"))
    #expect(db.networks.first?.gateways == [] && db.networks.last?.gateways == nil)
    #expect(db.networks.last?.addresses.map { "\($0.value)" } == ["10.8.0.2/24"])
    #expect(db.readiness.probe == .tcp(Located(5432, at: db.name.location)))
    #expect(db.kernel?.value == .file("kernels/bzImage"))
    let clone = try #require(manifest.virtualMachine(named: "clone"))
    #expect(clone.root == .image(Located("base.qcow2", at: clone.name.location)))
    #expect(clone.boot?.value == .efi && clone.display.value == .window && clone.readiness.probe == .none)
  }

  @Test func whatNobodyWroteHasItsUsualValue() throws {
    let web = try #require(try read("virtual_machines: {web: }").virtualMachine(named: "web"))
    guard case .built(let spec) = web.root else {
      Issue.record("the root disk is \(web.root)")
      return
    }
    #expect(spec.distribution.value == .debian && spec.release.value == "bookworm" && spec.mirror == nil)
    #expect(web.arch.value == .x86 && web.boot?.value == .kernel && web.kernel == nil)
    #expect(web.memory.value == ByteCount(mebibytes: 512) && web.cpus.value == 1)
    #expect(web.acceleration.value == .auto && web.display.value == .none && web.readiness.probe == .none)
    #expect(web.buildFree.value == ByteCount(mebibytes: 500) && web.diskSize == nil && web.user == nil)
    #expect(web.onImageChange.value == .rebuild && !web.isProtected.value && !web.hooksReachNetwork)
    #expect("\(web.memory.location)" == "f.yml:1:20")
  }

  @Test func whatIsNotBuiltYetIsNamedWithItsPlace() throws {
    let found = try read(text).notYetBuilt(Set(Feature.allCases)).all
    #expect(found.allSatisfy { $0.severity == .error && $0.location != nil })
    #expect(found.map { "\($0.location?.line ?? 0) \($0.summary)" } == [])
    #expect(try read(text).notYetBuilt([]).isEmpty)
  }

  @Test(arguments: [("amd64", VirtualMachineSpec.Architecture.x86), ("arm64", .aarch64), ("riscv64", .riscv64)])
  func architecturesHaveTheNamesOfDebianToo(word: String, arch: VirtualMachineSpec.Architecture) throws {
    let text = "virtual_machines: {a: {arch: \(word)}}"
    #expect(try read(text).virtualMachine(named: "a")?.arch.value == arch)
  }

  @Test func onlyWhatIsBuiltLacksALoader() throws {
    let text = "virtual_machines: {a: {boot: bios}, b: {use: b.qcow2, boot: bios}, c: {use: c.raw}, d: {boot: efi}}"
    let found = try read(text).notYetBuilt().all
    #expect(found.map(\.summary) == [])
    let foreign = "virtual_machines: {a: {boot: efi, arch: aarch64}}"
    #expect(
      try read(foreign).notYetBuilt().all.map(\.summary)
        == ["boot: efi of a built image for aarch64 is not built yet"])
    #expect(try read(text).virtualMachine(named: "c")?.boot == nil)
  }

  @Test func aRootDiskThatStandsOnAnImageIsNotRaw() throws {
    let disk = "disks: [{label: a.raw, fs_type: raw, size_gb: 2}]"
    #expect(findings("virtual_machines: {a: {distribution: debian, \(disk)}}").count == 1)
    #expect(findings("virtual_machines: {a: {\(disk)}}") == [])
    let own = try read("virtual_machines: {a: {\(disk)}}").virtualMachine(named: "a")?.root
    guard case .own(let root)? = own else {
      Issue.record("\(String(describing: own))")
      return
    }
    #expect(root.format == .raw && root.label.value == "a")
  }

  @Test(arguments: [
    ("", "leave it out: QEMU loads the kernel then"), ("use: a.raw, ", "write boot: efi, or leave it out"),
  ])
  func noMachineButAPCHasABIOS(more: String, remedy: String) {
    let summary = "boot: bios is for x86_64 alone: machines of aarch64 have no BIOS"
    let found = findings("virtual_machines: {a: {\(more)arch: aarch64, boot: bios}}")
    #expect(found.count == 1 && found.first?.hasSuffix(" error: \(summary) (\(remedy))") == true, "\(found)")
  }

  @Test func aLimitBelowTheGuestsMemoryIsWorthAWarning() {
    #expect(findings("virtual_machines: {a: {memory: 1G, limits: {memory: 2G}}}") == [])
    #expect(findings("virtual_machines: {a: {memory: 1G, limits: {memory: 512M}}}").count == 1)
  }

  @Test func biosBootsFromNoMoreThanItsTableCanSay() {
    #expect(findings("virtual_machines: {a: {boot: bios, disk_size: 2T}}") == [])
    let found = findings("virtual_machines: {a: {boot: bios, disk_size: 3T}}")
    #expect(found.count == 1 && found.first?.hasPrefix("1:47 error: disk_size is more than BIOS") == true, "\(found)")
    #expect(findings("virtual_machines: {a: {boot: efi, disk_size: 3T}}") == [])
  }

  @Test func aBuiltImageWithALoaderTakesKernelAndCommandLine() {
    for boot in ["efi", "bios"] {
      #expect(findings("virtual_machines: {a: {boot: \(boot), kernel: ./bzImage, cmdline: quiet}}") == [])
    }
    #expect(findings("virtual_machines: {a: {use: a.qcow2, boot: efi, cmdline: quiet}}").count == 1)
  }
}
