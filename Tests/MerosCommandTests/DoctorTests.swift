import Host
import HostTesting
import LinuxHost
import Manifest
import Network
import SystemPackage
import Testing

@testable import MerosCommand

private let gibibyte = UInt64(1 << 30)

private func equipment(without missing: String...) -> Equipment {
  let names = ProgramNeed.all.map(\.name).filter { !missing.contains($0) }
  return Equipment(
    programs: [String: Equipment.Version](names.map { ($0, .line("\($0) 1.0")) }) { first, _ in first },
    accelerator: .kvm, emulationReason: nil, permitsUserNamespaces: true, bridgeFilter: .on,
    memory: ByteCount(bytes: 8 * gibibyte), availableMemory: ByteCount(bytes: 4 * gibibyte),
    freeSpace: ByteCount(bytes: 100 * gibibyte), system: .debian)
}

private let allowing = FilterFitness(refusals: [], hindrances: [])

private func unfit(_ equipment: Equipment, _ demands: [Demand] = []) -> [Checkup.Finding] {
  Checkup(equipment, lacking: [], demands: demands, filter: allowing).findings.filter { $0.condition != .fit }
}

@Test func aHostWithEverythingIsFit() {
  #expect(unfit(equipment()).isEmpty)
  let text = DoctorView(Checkup(equipment(), lacking: [], demands: [], filter: allowing)).text(Paint(isOn: false))
  #expect(text.hasSuffix("\nFit. Nothing that meros needs is missing.\n"))
}

@Test(arguments: [
  (PackagedSystem?.some(.debian), "apt-get install openssh-client"), (.alpine, "apk add openssh-client-default"),
  (.fedora, "dnf install openssh-clients"), (nil, "install what brings ssh; Debian's package is openssh-client"),
])
func whatIsMissingIsToldWithTheCommandThatBringsIt(_ system: PackagedSystem?, _ remedy: String) {
  var equipment = equipment(without: "ssh")
  equipment.system = system
  #expect(
    unfit(equipment) == [
      Checkup.Finding(
        subject: "ssh", condition: .unfit, detail: "missing; for reaching virtual machines", remedy: remedy)
    ])
  #expect(!Checkup(equipment, lacking: [], demands: []).isHealthy)
}

@Test(arguments: ["dot", "waypipe", "vncviewer", "mcopy"])
func aHostIsFitWithoutWhatNotEverybodyNeeds(_ program: String) {
  let checkup = Checkup(equipment(without: program), lacking: [], demands: [])
  #expect(checkup.isHealthy && unfit(equipment(without: program)).map(\.condition) == [.notable])
}

@Test func emulationIsNotableAndSaysWhy() {
  var equipment = equipment()
  equipment.accelerator = .tcg
  equipment.emulationReason = "/dev/kvm: No such file or directory"
  let found = unfit(equipment)
  #expect(found.map(\.condition) == [.notable])
  #expect(found.first?.detail.hasSuffix("/dev/kvm: No such file or directory") == true)
}

@Test func anotherArchitectureIsUnfitOnlyForWhoAsksForIt() {
  var equipment = equipment()
  equipment.emulations = [
    "aarch64": Emulation(missingForMachines: ["qemu-system-aarch64"], missingForBuilds: ["qemu-aarch64-static"])
  ]
  #expect(unfit(equipment).isEmpty)
  var demand = Demand(constellation: "lab", memory: ByteCount(bytes: 0), disks: ByteCount(bytes: 0))
  #expect(unfit(equipment, [demand]).isEmpty)
  demand.architectures = ["aarch64"]
  #expect(
    unfit(equipment, [demand]) == [
      Checkup.Finding(
        subject: "aarch64", condition: .unfit,
        detail: "machines of lab are of it; missing are qemu-system-aarch64 and qemu-aarch64-static",
        remedy: "apt-get install qemu-system-arm; apt-get install qemu-user-static")
    ])
  equipment.emulations = ["aarch64": Emulation(isKnownToKernel: false)]
  #expect(unfit(equipment, [demand]).map(\.remedy) == ["take a newer kernel, or install binfmt-support"])
}

@Test func aConstellationIsHeldAgainstWhatThereIs() {
  let large = Demand(
    constellation: "lab", memory: ByteCount(bytes: 9 * gibibyte), disks: ByteCount(bytes: 101 * gibibyte))
  #expect(unfit(equipment(), [large]).map(\.subject) == ["memory", "disk"])
  #expect(unfit(equipment(), [large]).map(\.condition) == [.unfit, .notable])
  var full = equipment()
  full.freeSpace = ByteCount(bytes: gibibyte)
  #expect(unfit(full).map(\.condition) == [.unfit])
}

@Test func aDemandAddsUpWhatMachinesHave() throws {
  let text = """
    virtual_machines:
      a: {memory: 1G, disks: [{label: x, size: 2G}, {label: y, size: 3G}]}
      b: {memory: 512M}
    """
  let manifest = try Manifest.load(Array(text.utf8), file: "m", directoryName: "lab").manifest
  #expect(
    Demand(manifest)
      == Demand(
        constellation: "lab", memory: ByteCount(bytes: 1536 << 20), disks: ByteCount(bytes: 5 * gibibyte)))
}

@Test func aKernelThatLacksWhatTheFilterTakesIsUnfit() async throws {
  let memory = MemoryHost()
  var host = memory.host
  let refusal = HostError.Refusal(object: "chain forward of table bridge meros_0", errno: 2)
  host.packetFilter = MemoryPacketFilter(lacking: [refusal, refusal])
  let data = try #require(DataIdentity("0123456789abcdef"))
  let fitness = try await FilterFitness.look(for: [], in: data, on: host)
  #expect(fitness.refusals == [refusal, refusal])
  let found = Checkup(equipment(), lacking: [], demands: [], filter: fitness).findings.filter { $0.condition != .fit }
  #expect(found.map(\.condition) == [.unfit])
  #expect(
    found.first?.detail == "the kernel refuses chain forward of table bridge meros_0: No such file or directory")
}

@Test func whoMayNotLookAtTheFilterIsTold() {
  let found = Checkup(equipment(), lacking: [], demands: []).findings.filter { $0.condition != .fit }
  #expect(found.map(\.subject) == ["packet filter"])
  #expect(Checkup(equipment(), lacking: [], demands: []).isHealthy)
}

/// What the doctor prescribes and what dist-conf.sh installs are the same.
@Test func theScriptThatInstallsKnowsTheSamePrograms() throws {
  let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
  let script = String(decoding: try root.appending("dist-conf.sh").contents(), as: UTF8.self)
  let lines = script.split(separator: "\n").compactMap { line in
    ["run|", "desktop|"].first { line.hasPrefix("\($0)cmd:") }.map { String(line.dropFirst($0.count)) }
  }
  let needs = ProgramNeed.all.map { need in
    "cmd:\(need.name)|\(need.debian)|\(need.alpine)|\(need.fedora)|\(need.purpose)"
  }
  #expect(lines == needs)
  for (arch, needs) in ProgramNeed.foreign {
    let lines = script.split(separator: "\n").filter { $0.hasPrefix("\(arch)|") }.map(String.init)
    #expect(
      lines
        == needs.map { need in
          let look = need.name.hasSuffix("-static") ? "static:\(need.name.dropLast(7))" : "cmd:\(need.name)"
          return "\(arch)|\(look)|\(need.debian)|\(need.alpine)|\(need.fedora)|\(need.purpose)"
        })
  }
}

@Test func aSystemIsKnownByItsOwnNameOrWhatItIsLike() {
  #expect(PackagedSystem(osRelease: "NAME=x\nID=ubuntu\nID_LIKE=debian\n") == .debian)
  #expect(PackagedSystem(osRelease: "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n") == .fedora)
  #expect(PackagedSystem(osRelease: "ID=plan9\n") == nil)
}

@Test func thisHostIsLookedAt() async throws {
  let site = try Site.openWithoutPrivileges("/nonexistent/data")
  let found = try await Equipment.look(
    for: ["sh": nil, "qemu-img": "--version", "no-such-program": nil, "nor-this": "-V"], data: "/nonexistent/data",
    in: site.networkNamespace, on: site.host)
  #expect(found.programs["sh"] == .notAsked && found.programs["no-such-program"] == nil)
  #expect(found.programs["nor-this"] == nil)
  guard case .line(let version) = found.programs["qemu-img"] else {
    Issue.record("qemu-img does not tell its version")
    return
  }
  #expect(version.contains("version"))
  #expect(found.memory > found.availableMemory && found.availableMemory.bytes > 0 && found.freeSpace.bytes > 0)
}
