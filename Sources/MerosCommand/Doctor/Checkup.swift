import Host
import LinuxHost
import Network
import SystemPackage

/// What on this host is missing or unfit for meros, and what mends it.
struct Checkup: Equatable, Sendable {
  let findings: [Finding]

  struct Finding: Equatable, Sendable {
    /// What was looked at: "qemu-img", "memory".
    var subject: String
    var condition: Condition
    var detail: String
    /// A command or an advice; nil where there is nothing to do.
    var remedy: String?

    enum Condition: String, Sendable, CaseIterable {
      case fit
      /// It works, but a person may want to know.
      case notable
      /// Something of meros does not work.
      case unfit
    }
  }

  /// Nothing is missing or unfit.
  var isHealthy: Bool { findings.allSatisfy { $0.condition != .unfit } }

  /// - Parameter filter: nil where this user may not look.
  init(
    _ equipment: Equipment, lacking privileges: [Privileges.Need], demands: [Demand], filter: FilterFitness? = nil
  ) {
    findings =
      ProgramNeed.all.map { Self.program($0, equipment) }
      + [
        Self.privileges(privileges), Self.acceleration(equipment), Self.userNamespaces(equipment),
        Self.bridgeFilter(equipment),
      ]
      + equipment.emulations.sorted { $0.key < $1.key }.map {
        Self.emulation($0.key, $0.value, equipment.system, demands)
      }
      + Self.packetFilter(filter)
      + Self.memory(equipment, demands) + [Self.room(equipment, demands)]
  }

  private static func program(_ need: ProgramNeed, _ equipment: Equipment) -> Finding {
    switch equipment.programs[need.name] {
    case .line(let version): Finding(subject: need.name, condition: .fit, detail: version)
    case .notAsked: Finding(subject: need.name, condition: .fit, detail: "is here")
    case nil:
      Finding(
        subject: need.name, condition: need.isOptional ? .notable : .unfit, detail: "missing; for \(need.purpose)",
        remedy: install(need, on: equipment.system))
    }
  }

  private static func install(_ need: ProgramNeed, on system: PackagedSystem?) -> String {
    switch system {
    case .debian: "apt-get install \(need.debian)"
    case .alpine: "apk add \(need.alpine)"
    case .fedora: "dnf install \(need.fedora)"
    case nil: "install what brings \(need.name); Debian's package is \(need.debian)"
    }
  }

  private static func privileges(_ missing: [Privileges.Need]) -> Finding {
    missing.isEmpty
      ? Finding(subject: "privileges", condition: .fit, detail: "enough to apply")
      : Finding(
        subject: "privileges", condition: .notable,
        detail: "apply needs \(enumerated(missing.map(\.name))), which this user lacks", remedy: "sudo meros apply …")
  }

  private static func acceleration(_ equipment: Equipment) -> Finding {
    guard equipment.accelerator != .kvm else {
      return Finding(subject: "kvm", condition: .fit, detail: "proven: it runs instructions rightly")
    }
    return Finding(
      subject: "kvm", condition: .notable,
      detail: "not usable, machines are emulated: \(equipment.emulationReason ?? "")",
      remedy: "switch virtualization on in the firmware, or nested virtualization where this host is itself a guest;"
        + " then modprobe kvm_intel or kvm_amd")
  }

  private static func userNamespaces(_ equipment: Equipment) -> Finding {
    equipment.permitsUserNamespaces
      ? Finding(subject: "user namespaces", condition: .fit, detail: "permitted")
      : Finding(
        subject: "user namespaces", condition: .notable,
        detail: "not permitted to everybody; bridges and policies cannot be tried without privileges",
        remedy: "sysctl -w user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1")
  }

  /// Of an architecture that is not this machine's.
  private static func emulation(
    _ arch: String, _ emulation: Emulation, _ system: PackagedSystem?, _ demands: [Demand]
  ) -> Finding {
    let missing = emulation.missingForMachines + emulation.missingForBuilds
    var faults = missing.isEmpty ? [] : ["missing are \(enumerated(missing))"]
    if !emulation.isKnownToKernel { faults.append("this kernel, older than Linux 6.7, runs none of its programs") }
    guard !faults.isEmpty else {
      return Finding(subject: arch, condition: .fit, detail: "machines are emulated, and images built under emulation")
    }
    let users = demands.filter { $0.architectures.contains(arch) }.map(\.constellation)
    let needs = ProgramNeed.foreign[arch, default: []].filter { missing.contains($0.name) }
    return users.isEmpty
      ? Finding(subject: arch, condition: .fit, detail: "not asked for; \(enumerated(faults))")
      : Finding(
        subject: arch, condition: .unfit, detail: "machines of \(enumerated(users)) are of it; \(enumerated(faults))",
        remedy: needs.isEmpty
          ? "take a newer kernel, or install binfmt-support"
          : needs.map { install($0, on: system) }.joined(separator: "; "))
  }

  private static func bridgeFilter(_ equipment: Equipment) -> Finding {
    let words =
      switch equipment.bridgeFilter {
      case .absent: "not loaded; meros does not need it"
      case .off: "off; meros does not need it"
      case .on: "on; meros holds with it too"
      }
    return Finding(subject: "br_netfilter", condition: .fit, detail: words)
  }

  /// One for the kernel, and one for each chain of others that is in the way.
  private static func packetFilter(_ filter: FilterFitness?) -> [Finding] {
    let subject = "packet filter"
    guard let filter else {
      return [
        Finding(
          subject: subject, condition: .notable, detail: "the kernel shows it only to who may change it",
          remedy: "sudo meros doctor …")
      ]
    }
    let refused = Set(filter.refusals.map { "\($0.object): \(Errno(rawValue: $0.errno))" }).sorted()
    let kernel =
      refused.isEmpty
      ? Finding(subject: subject, condition: .fit, detail: "the kernel takes every kind of rule that meros makes")
      : Finding(
        subject: subject, condition: .unfit,
        detail: "the kernel refuses \(refused.prefix(4).joined(separator: "; "))\(refused.count > 4 ? "; …" : "")",
        remedy: "modprobe -a nf_tables nft_ct nft_nat nft_masq nft_reject_inet nf_conntrack; or boot a kernel that has"
          + " nftables for inet and bridge")
    return [kernel]
      + filter.hindrances.map { hindrance in
        let view = HindranceView(hindrance)
        return Finding(subject: subject, condition: .notable, detail: view.summary, remedy: view.remedy)
      }
  }

  /// One for the host, and one for each constellation that asks for more than there is.
  private static func memory(_ equipment: Equipment, _ demands: [Demand]) -> [Finding] {
    let host = Finding(
      subject: "memory", condition: .fit,
      detail: "\(mebibytes(equipment.memory)), \(mebibytes(equipment.availableMemory)) of it free")
    return [host]
      + demands.filter { $0.memory > equipment.memory }.map { demand in
        Finding(
          subject: "memory", condition: .unfit,
          detail: "the machines of \(demand.constellation) have \(mebibytes(demand.memory)) together, this host"
            + " \(mebibytes(equipment.memory))",
          remedy: "give machines of \(demand.constellation) less memory")
      }
  }

  /// Building an image takes about this much for a while.
  private static let roomForBuilds = ByteCount(bytes: 2 << 30)

  private static func room(_ equipment: Equipment, _ demands: [Demand]) -> Finding {
    let free = equipment.freeSpace
    if free < roomForBuilds {
      return Finding(
        subject: "disk", condition: .unfit,
        detail: "\(mebibytes(free)) free at the data directory; building images takes \(mebibytes(roomForBuilds))",
        remedy: "make room there, or choose another place with --data-dir")
    }
    if let demand = demands.first(where: { $0.disks > free }) {
      return Finding(
        subject: "disk", condition: .notable,
        detail: "data disks of \(demand.constellation) may grow to \(mebibytes(demand.disks)), \(mebibytes(free)) are"
          + " free", remedy: "make room before they fill, or choose another place with --data-dir")
    }
    return Finding(subject: "disk", condition: .fit, detail: "\(mebibytes(free)) free at the data directory")
  }

  private static func mebibytes(_ amount: ByteCount) -> String { "\(amount.mebibytes) MiB" }
}
