import Host
import Manifest

/// Why a snapshot was not made, restored or removed, and what to do.
struct SnapshotFailureView {
  private let failure: SnapshotFailure
  /// As a person named it.
  private let constellation: String

  init(_ failure: SnapshotFailure, of constellation: String) {
    self.failure = failure
    self.constellation = constellation
  }

  func text(_ paint: Paint) -> String {
    let (summary, details, remedy): (String, [String], String)
    switch failure {
    case .host(let error): return HostErrorView(error).text(paint)
    case .exists(let name):
      summary = "\(constellation) has a snapshot \(name) already"
      details = []
      remedy = "take another name, or replace it with --force"
    case .unknown(let name, let known):
      summary = "\(constellation) has no snapshot \(name)"
      details = []
      let none = "\(command("snapshot", "save", name: "NAME")) saves one"
      remedy = Nearest.remedy(for: name.text, among: known, none: none)
    case .nothing:
      summary = "\(constellation) has no VM that could be saved"
      details = []
      remedy = "\(command("apply")) makes them"
    case .unfit(let obstacles):
      summary = "nothing was done, since not all VMs are as they must be"
      details = obstacles.map(Self.words)
      remedy = self.remedy(for: obstacles)
    case .incomplete(let group):
      let names = enumerated(group.members.map(\.machine))
      summary = "snapshot \(group.name) is not whole: of \(counted(group.machineCount, "VM")) only \(names) have it"
      details = []
      remedy = "it cannot be restored; \(command("snapshot", "delete", name: group.name.text)) removes what is left"
    case .notSaved(let faults, let left, let asleep):
      summary = faults.isEmpty ? "interrupted: nothing was saved" : "nothing was saved"
      details = Self.words(faults) + Self.words(left) + Self.words(asleep)
      remedy =
        left.isEmpty
        ? asleep.isEmpty ? "all VMs go on; try again" : wake
        : "\(command("snapshot", "list")) shows what is left of it, and meros snapshot delete removes it"
    case .asleep(let faults):
      summary = "it is done, but not all VMs go on"
      details = Self.words(faults)
      remedy = wake
    case .notRestored(let faults, let asleep):
      summary = faults.isEmpty ? "interrupted: nothing was restored" : "nothing was restored"
      details = Self.words(faults) + Self.words(asleep)
      remedy = asleep.isEmpty ? "all VMs go on as they were; try again" : wake
    case .halfRestored(let faults, let restored, let standing):
      let done = restored.isEmpty ? "none" : enumerated(restored)
      summary = "restored of \(constellation): \(done); \(enumerated(standing)) stand still"
      details = Self.words(faults)
      remedy =
        "restore once more, which begins anew; or \(command("restart")) boots them"
        + " from their disks as they are"
    case .notRemoved(let name, let faults):
      summary = "snapshot \(name) is not gone everywhere"
      details = Self.words(faults)
      remedy = "delete it again once that is mended"
    }
    return "\(paint("error", .bad)): \(summary)\n" + details.map { "  \($0)\n" }.joined()
      + "  \(paint("do", .bold)): \(remedy)\n"
  }

  private var wake: String { "\(command("resume")) lets them go on; where it does not, \(command("restart")) does" }

  private static func words(_ faults: [HostError]) -> [String] { faults.map { HostErrorView($0).summary.printable } }

  private static func words(_ obstacle: SnapshotObstacle) -> String {
    let machine = "vm.\(obstacle.machine)"
    return switch obstacle.reason {
    case .unmanageable: "\(machine) runs, but its monitor does not answer"
    case .state(let state): "\(machine) is in state \(state.printable)"
    case .raw(let disks):
      "\(machine): \(enumerated(disks.map { "disk.\($0)" })) \(disks.count == 1 ? "is" : "are") raw,"
        + " and raw files hold no snapshots"
    case .runs: "\(machine) was off when it was saved, and runs now"
    case .isOff: "\(machine) ran when it was saved, and is off now"
    case .lacks(let disks): "\(machine): \(enumerated(disks.map { "disk.\($0)" })) was not saved then"
    case .shape(let parts): "\(machine) is no longer what it was in \(enumerated(parts.map(words)))"
    }
  }

  private static func words(_ part: MachineShape.Part) -> String {
    switch part {
    case .memory: "memory"
    case .cpus: "cpus"
    case .disks: "disks"
    case .networks: "networks"
    case .rest: "other settings"
    case .layout: "the places of its devices"
    }
  }

  private func remedy(for obstacles: [SnapshotObstacle]) -> String {
    var deeds: [String] = []
    func add(_ deed: String) { if !deeds.contains(deed) { deeds.append(deed) } }
    for obstacle in obstacles {
      switch obstacle.reason {
      case .unmanageable, .state: add("\(command("apply")) mends it")
      case .raw: add("write format: qcow2 there and apply, which restarts the VM and keeps what is on the disk")
      case .runs: add("\(command("shutdown", name: obstacle.machine)) lets it rest")
      case .isOff: add("\(command("start", name: obstacle.machine)) starts it")
      case .lacks: add("take the disk out of the manifest and away")
      case .shape(let parts) where parts == [.layout]:
        add("what was changed while it ran sits elsewhere since its last start, or QEMU is another: save anew")
      case .shape: add("put the manifest back to what it was then, and apply")
      }
    }
    return deeds.joined(separator: "; ")
  }

  /// "meros snapshot delete lab before"
  private func command(_ verbs: String..., name: String? = nil) -> String {
    ShellCommand(["meros"] + verbs + [constellation] + (name.map { [$0] } ?? [])).text
  }
}
