import Host
import Network
import Testing

@testable import MerosCommand

@Suite struct SnapshotViewTests {
  private static func group(_ count: Int) throws -> SnapshotGroup {
    func member(_ machine: String, _ power: SnapshotTag.Power) throws -> SnapshotGroup.Member {
      SnapshotGroup.Member(
        machine: machine,
        tag: SnapshotTag(
          constellation: "lab", name: try #require(SnapshotName("then")), group: "0123456789abcdef",
          machineCount: count, power: power, shape: MachineShape()),
        disks: [machine], second: 1_800_000_000, memory: ByteCount(bytes: power == .off ? 0 : 1 << 20),
        size: ByteCount(bytes: 1 << 30))
    }
    return SnapshotGroup(
      name: try #require(SnapshotName("then")), group: "0123456789abcdef", machineCount: count,
      members: [try member("db", .off), try member("web", .running)])
  }

  private static func text(_ failure: SnapshotFailure) -> String {
    SnapshotFailureView(failure, of: "lab").text(Paint(isOn: false))
  }

  @Test func whatWasSavedIsListed() throws {
    let view = SnapshotView(of: "lab", isJSON: false)
    #expect(
      view.list([try Self.group(2), try Self.group(3)], Paint(isOn: false)) == """
        SNAPSHOT  SAVED                 VMS            MEMORY   DISKS    STATE
        then      2027-01-15T08:00:00Z  db (off), web  1.0 MiB  2.0 GiB  complete
        then      2027-01-15T08:00:00Z  db (off), web  1.0 MiB  2.0 GiB  incomplete, 2 of 3 VMs

        """)
    #expect(view.list([], Paint(isOn: false)) == "lab has no snapshots.\n")
  }

  @Test func aSaveSaysHowLongAllStoodStill() throws {
    let view = SnapshotView(of: "lab", isJSON: false)
    #expect(
      view.saved(SnapshotSession.Deed(group: try Self.group(2), pause: .milliseconds(1050))) == """
        Saved then of lab, whose VMs stood still for 1.05 s: db (off) and web with 1.0 MiB of memory.
        To go back to it: meros snapshot restore lab then

        """)
  }

  @Test(arguments: [
    (["then", "later"], "did you mean then?"), (["first", "last"], "there is first and last"),
    ([], "meros snapshot save lab NAME saves one"),
  ])
  func anUnknownNameIsAnsweredWithThoseThatThereAre(known: [String], remedy: String) throws {
    let failure = SnapshotFailure.unknown(try #require(SnapshotName("thn")), known: known)
    #expect(Self.text(failure) == "error: lab has no snapshot thn\n  do: \(remedy)\n")
  }

  @Test func aRefusalSaysWhatToDoForEach() {
    let failure = SnapshotFailure.unfit([
      SnapshotObstacle(machine: "db", reason: .isOff), SnapshotObstacle(machine: "web", reason: .shape([.memory])),
    ])
    #expect(
      Self.text(failure) == """
        error: nothing was done, since not all VMs are as they must be
          vm.db ran when it was saved, and is off now
          vm.web is no longer what it was in memory
          do: meros start lab db starts it; put the manifest back to what it was then, and apply

        """)
  }

  @Test func aRawDiskInTheWayIsNamed() {
    let failure = SnapshotFailure.unfit([SnapshotObstacle(machine: "web", reason: .raw(["web/data"]))])
    #expect(
      Self.text(failure) == """
        error: nothing was done, since not all VMs are as they must be
          vm.web: disk.web/data is raw, and raw files hold no snapshots
          do: write format: qcow2 there and apply, which restarts the VM and keeps what is on the disk

        """)
  }

  @Test func whoStandsStillAfterAHalfRestoreIsNamed() {
    let failure = SnapshotFailure.halfRestored(
      [HostError("restore vm web", .cancelled)], restored: ["db"], standing: ["db", "web"])
    #expect(
      Self.text(failure) == """
        error: restored of lab: db; db and web stand still
          cannot restore vm web: it was interrupted
          do: restore once more, which begins anew; or meros restart lab boots them from their disks as they are

        """)
  }
}
