import Host
import LinuxHost
import Network
import Reconcile
import Resources
import SystemPackage

/// Ten machines from a built image to monitors that answer, by meros and by their command lines alone.
struct MachinesCase: BenchCase {
  let name = "machines"
  let purpose = "10 machines from a built image to QMP running, against the same QEMU command lines"

  func measure(_ settings: Settings) async throws -> [Finding] {
    try await Stage.with { stage in
      let site = try Site.open(
        stage.folder.appending("data"), namespaceName: stage.namespaceName, create: true)
      let fleet = try Fleet(site)
      try await fleet.prepare()
      let direct = try await DirectFleet(of: fleet, stage)
      let pairs = try await Pairs(settings.rounds ?? 9, ours: fleet.start, theirs: direct.start)
      return [pairs.finding("start 10", against: "qemu-img, ip and QEMU themselves", .within(1.3))]
    }
  }
}
