import Manifest
import Network
package import Reconcile

/// Why a plan cannot be applied, and what to do about it.
package struct ProblemView {
  private let problem: Problem
  /// Addresses that there are, for one that there is not.
  private let known: [String]

  package init(_ problem: Problem, of proposal: Proposal) {
    self.problem = problem
    let addresses = Set(proposal.goal.graph.resources.keys).union(proposal.observation.resources.keys)
    known = addresses.sorted().map(\.description)
  }

  /// What is wrong, one line.
  var summary: String {
    switch problem {
    case .obstacle(let address, .isProtected): "\(address) would be deleted or rebuilt, and it is protected"
    case .obstacle(let address, .shrinks(let from, let to)): "\(address) would shrink from \(from) to \(to)"
    case .obstacle(let address, .holdsSnapshots(let count)):
      "\(address) holds \(counted(count, "snapshot")), which a raw file cannot"
    case .obstacle(let address, .missing(let thing)): "\(address) needs \(thing), which is not there"
    case .obstacle(let address, .missingPrograms(let names)):
      "\(address.kind == "vm" ? "starting" : "making") \(address) takes \(enumerated(names)), which this machine lacks"
    case .obstacle(let address, .foreignPrograms(let arch)):
      "making \(address) takes running programs of \(arch), which this kernel does not"
    case .obstacle(let address, .missingControllers(let names)):
      "\(address) takes \(enumerated(names)) of cgroup v2, which this machine does not offer"
    case .obstacle(let address, .notOurs(let thing)): "\(thing), which is not ours, stands where \(address) belongs"
    case .claimed(let address, let foreign):
      "\(address) needs \(foreign.claim.words), and \(foreign.holder), which is not ours, holds it"
    case .unknown(let address): "\(address) is neither in the constellation nor on the host"
    }
  }

  /// What to do.
  var remedy: String {
    switch problem {
    case .obstacle(_, .isProtected): "write protect: false in the manifest, or leave out what would touch it"
    case .obstacle(_, .shrinks): "write the old size or a larger one: a disk only grows"
    case .obstacle(_, .holdsSnapshots):
      "delete them first (meros snapshot list, meros snapshot delete; qemu-img snapshot -l shows others), or leave the"
        + " disk qcow2"
    case .obstacle(_, .missing(let thing)): "make \(thing), or let meros do it with auto_create: true"
    case .obstacle(_, .missingPrograms(let names)): Self.installation(of: names)
    case .obstacle(_, .foreignPrograms(let arch)):
      "take Linux 6.7 or later, which does it for a build alone; on an older one the whole machine has to: install"
        + " binfmt-support with qemu-user-static, so that /proc/sys/fs/binfmt_misc/qemu-\(arch) is there"
    case .obstacle(_, .missingControllers(let names)):
      "boot with cgroup v2 alone (systemd.unified_cgroup_hierarchy=1)"
        + (names.contains("io") ? " and a data directory that is on a disk" : "") + ", or leave these limits out"
    case .obstacle(_, .notOurs(let thing)): "remove \(thing), or choose another name in the manifest"
    case .claimed(_, let foreign):
      switch foreign.claim {
      case .subnet: "choose another subnet, or take it from \(foreign.holder)"
      case .port: "choose another port, or stop what uses it"
      case .link, .table, .path: "rename the one in the manifest, or remove \(foreign.holder)"
      }
    case .unknown(let address):
      if let nearest = Nearest.name(to: "\(address)", among: known) {
        "did you mean \(nearest)?"
      } else {
        "look for the address in meros status; it is KIND.NAME, like vm.web"
      }
    }
  }

  /// Where programs come from: those of emulation, else those that compile kernels.
  private static func installation(of names: [String]) -> String {
    for (arch, needs) in ProgramNeed.foreign.sorted(by: { $0.key < $1.key }) {
      let packages = needs.filter { names.contains($0.name) }.map(\.debian)
      guard !packages.isEmpty else { continue }
      return "./dist-conf.sh \(arch) installs what that architecture takes; Debian's package is \(enumerated(packages))"
    }
    let packages = (ProgramNeed.all + ProgramNeed.files).filter { names.contains($0.name) }.map(\.debian)
    if let first = packages.first {
      let words = packages.count == 1 ? "package is \(first)" : "packages are \(enumerated(packages))"
      return "./dist-conf.sh installs what running machines takes; Debian's \(words)"
    }
    return "./dist-conf.sh kernel installs what compiling kernels takes\(cross(names))"
  }

  /// Where compilers for other architectures come from.
  private static func cross(_ programs: [String]) -> String {
    let ending = "-linux-gnu-gcc"
    let packages = programs.filter { $0.hasSuffix(ending) }.map { "gcc-\($0.dropLast(4))" }
    return packages.isEmpty ? "" : "; for another architecture install \(enumerated(packages)) besides"
  }

  package func text(_ paint: Paint) -> String {
    "\(paint("error", .bad)): \(summary)\n  \(paint("do", .bold)): \(remedy)\n"
  }
}

extension Problem {
  /// Which resource it is about.
  var address: ResourceAddress {
    switch self {
    case .obstacle(let address, _), .claimed(let address, _), .unknown(let address): address
    }
  }

  /// For programs.
  var code: String {
    switch self {
    case .obstacle(_, .isProtected): "protected"
    case .obstacle(_, .shrinks): "shrinks"
    case .obstacle(_, .holdsSnapshots): "holds-snapshots"
    case .obstacle(_, .missing): "missing"
    case .obstacle(_, .missingPrograms): "missing-programs"
    case .obstacle(_, .foreignPrograms): "foreign-programs"
    case .obstacle(_, .missingControllers): "missing-controllers"
    case .obstacle(_, .notOurs): "not-ours"
    case .claimed: "claimed"
    case .unknown: "unknown-address"
    }
  }
}

extension Claim {
  /// "link lan", "subnet 10.0.0.0/24".
  var words: String {
    switch self {
    case .link(let name): "link \(name)"
    case .subnet(let prefix): "subnet \(prefix)"
    case .port(let range, let address): "port \(range)\(address.map { " of \($0)" } ?? "")"
    case .table(let table): "table \(table)"
    case .path(let path): path
    }
  }
}
