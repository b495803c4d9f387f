import Host
import Network
import Reconcile
import Resources
import Testing

@testable import MerosCommand

private let plain = Paint(isOn: false)

@Test func aPlanShowsEveryChangeWithItsReasonAndCost() throws {
  let before = [
    Toy(name: "bear", attributes: ["color": "red", "size": "2"], disruption: .restart),
    Toy(name: "doll", attributes: ["hair": "long"], disruption: .rebuild),
    Toy(name: "old", disruption: .live),
  ]
  let after = [
    Toy(name: "bear", attributes: ["color": "blue", "size": "2"], disruption: .restart),
    Toy(name: "doll", attributes: ["hair": "short"], disruption: .rebuild),
    Toy(name: "train", attributes: ["wheels": "8", "whistle": ""]),
  ]
  let proposal = try Proposal.toys(from: before, to: after, notes: ["TCG because /dev/kvm is missing"])
  #expect(
    PlanView([proposal]).text(plain) == """
      What the symbols mean:
        + create
        ~ change in place
      -/+ destroy and create anew
        - destroy

        ~ toy.bear will be changed: color differs
            disruption: restart (the VM reboots, its disks are kept)
            ~ color = red -> blue

      -/+ toy.doll will be destroyed and created anew: hair differs
            disruption: rebuild (the root disk starts anew, what was written on it is lost)
            ~ hair = long -> short

        + toy.train will be created
            + wheels  = 8
            + whistle = ""

        - toy.old will be destroyed: no longer wanted
            disruption: live (nothing notices)

      note: TCG because /dev/kvm is missing

      Plan: 2 to add, 1 to change, 2 to destroy.

      """)
}

@Test func theLegendHasOnlyTheSymbolsThatAreUsed() throws {
  let text = PlanView([try .toys(to: [Toy(name: "bear")])]).text(plain)
  #expect(
    text == """
      What the symbols mean:
        + create

        + toy.bear will be created

      Plan: 1 to add, 0 to change, 0 to destroy.

      """)
}

@Test func anEmptyPlanSaysSo() throws {
  let bear = Toy(name: "bear")
  let text = PlanView([try .toys(from: [bear], to: [bear])]).text(plain)
  #expect(text == "No changes. Your infrastructure matches the constellation.\n")
}

@Test func whatRestsIsListedWithWhatWakesIt() throws {
  let rest = ObservedVirtualMachine(machine: nil, scope: .test, power: .off)
  let vm = VirtualMachine.test("web")
  let observation = Observation(scope: .test, resources: [vm.address: ObservedResource(value: rest)])
  let proposal = Proposal(Goal("lab", try ResourceGraph([vm])), observation, kinds: Kinds.all)
  #expect(
    PlanView([proposal]).text(plain) == """
      Left at rest, since somebody asked for it:
        vm.web: shut down; meros start lab web starts it

      No changes. Your infrastructure matches the constellation.

      """)
}

@Test func nothingToDestroyIsSaidWithoutAConstellation() throws {
  #expect(PlanView([.destroying([])]).text(plain) == "No changes. There is nothing to destroy.\n")
}

@Test func whatIsKeptIsListedWithWhatWouldDeleteIt() throws {
  let text = PlanView([.destroying([Toy(name: "chest", isDataDisk: true)])]).text(plain)
  #expect(
    text == """
      Kept although the constellation no longer has it:
        toy.chest: a data disk goes only with --delete-disk toy.chest

      No changes. There is nothing to destroy.

      """)
}

@Test func problemsSayWhatIsWrongAndWhatToDo() throws {
  let name = try #require(LinkName("lan"))
  let proposal = try Proposal.toys(
    to: [Toy(name: "bear", claims: [.link(name)]), Toy(name: "doll", obstacle: .isProtected)],
    foreign: [ForeignClaim(.link(name), holder: "bridge lan")], options: PlanOptions(targets: [toy("ghost")]))
  let all = try Proposal.toys(
    to: [Toy(name: "bear", claims: [.link(name)]), Toy(name: "doll", obstacle: .isProtected)],
    foreign: [ForeignClaim(.link(name), holder: "bridge lan")])
  #expect(
    PlanView([proposal]).text(plain) == """
      Nothing was planned.

      error: toy.ghost is neither in the constellation nor on the host
        do: look for the address in meros status; it is KIND.NAME, like vm.web

      """)
  #expect(
    PlanView([all]).text(plain).hasSuffix(
      """
      Plan: 2 to add, 0 to change, 0 to destroy.

      error: toy.bear needs link lan, and bridge lan, which is not ours, holds it
        do: rename the one in the manifest, or remove bridge lan

      error: toy.doll would be deleted or rebuilt, and it is protected
        do: write protect: false in the manifest, or leave out what would touch it

      """))
}

@Test func whatALoaderTakesIsNamedWithItsPackages() throws {
  let missing = Change.Obstacle.missingPrograms(["mcopy", "systemd-bootx64.efi"])
  let proposal = try Proposal.toys(to: [Toy(name: "doll", obstacle: missing)])
  #expect(
    PlanView([proposal]).text(plain).hasSuffix(
      """
      error: making toy.doll takes mcopy and systemd-bootx64.efi, which this machine lacks
        do: ./dist-conf.sh installs what running machines takes; Debian's packages are mtools and systemd-boot-efi

      """))
}

@Test func severalConstellationsAreShownTogether() throws {
  let bear = Toy(name: "bear")
  let proposals = [try Proposal.toys(to: [bear]), try Proposal.toys("shop", from: [bear], to: [bear])]
  #expect(
    PlanView(proposals).text(plain) == """
      What the symbols mean:
        + create

      Constellation lab

        + toy.bear will be created

      Constellation shop

      Nothing to do.

      Plan: 1 to add, 0 to change, 0 to destroy.

      """)
}

@Test func coloursAreOnlyWhereTheyAreWanted() throws {
  let proposal = try Proposal.toys(to: [Toy(name: "bear")])
  #expect(PlanView([proposal]).text(Paint(isOn: true)).contains("\u{1b}[32m  +\u{1b}[0m"))
  #expect(!PlanView([proposal]).text(plain).contains("\u{1b}"))
}

@Test func aPlanForProgramsHasTheSameFacts() throws {
  let proposal = try Proposal.toys(
    from: [Toy(name: "bear", attributes: ["color": "red"]), Toy(name: "chest", isDataDisk: true)],
    to: [Toy(name: "bear", attributes: ["color": "blue"])])
  #expect(
    PlanJSON([proposal]).text == """
      {"changes":[{"address":"toy.bear","constellation":"lab","disruption":"live","kind":"toy","reasons":\
      [{"after":"blue","before":"red","path":"color"}],"verb":"update"}],"constellations":["lab"],"diagnostics":[],\
      "format_version":"1.0","hindrances":[],"kept":[{"address":"toy.chest","constellation":"lab",\
      "reason":"data-disk"}],"lock":[],"notes":[],"pending":[],"problems":[],\
      "reachability":{"added":[],"removed":[]},\
      "summary":{"add":0,"change":1,"destroy":0,"disruption":"live"}}

      """)
}
