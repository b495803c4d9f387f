import Host
import Network
import Testing

@testable import MerosCommand

@Suite struct EventViewTests {
  private static func text(
    _ event: HostEvent, _ verdict: DriftJudge.Verdict, isJSON: Bool = false
  ) -> String {
    EventView(Paint(isOn: false), isJSON: isJSON).text(event, verdict, at: "12:00")
  }

  @Test func aLineSaysWhenWhatHowAndWhetherItIsDrift() throws {
    let tap = try #require(LinkName("qs-db"))
    let gone = HostEvent.link(LinkEvent(name: tap, address: "tap.qs-db", fate: .vanished))
    #expect(
      Self.text(gone, .init(address: "tap.qs-db", isDrift: true)) == "12:00  tap.qs-db  link qs-db vanished  drift\n")
    #expect(
      Self.text(gone, .init(address: "tap.qs-db", isDrift: false, worker: 7))
        == "12:00  tap.qs-db  link qs-db vanished while meros is at work, process 7\n")
    let changes: [LinkEvent.Change] = [
      .isUp(false), .master(nil), .mtu(1400), .address(try #require(InterfaceAddress("10.0.0.1/8")), isThere: true),
    ]
    #expect(
      Self.text(.link(LinkEvent(name: tap, address: "tap.qs-db", fate: .changed(changes))), .init(isDrift: false))
        == "12:00  went down, left its bridge, has mtu 1400 and got address 10.0.0.1/8\n")
  }

  @Test func whoChangedTheFilterIsNamed() {
    let event = HostEvent.tables(
      [TableIdentity(.bridge, "meros_lab")], by: HostEvent.Actor(pid: 42, program: "nft"))
    #expect(
      Self.text(event, .init(address: "firewall.lab", isDrift: true))
        == "12:00  firewall.lab  table bridge meros_lab changed by nft, process 42  drift\n")
    #expect(
      Self.text(event, .init(address: "firewall.lab", isDrift: true), isJSON: true)
        == #"{"address":"firewall.lab","by":{"pid":42,"program":"nft"},"drift":true,"event":"changed","#
        + #""time":"12:00","words":"table bridge meros_lab changed"}"# + "\n")
  }

  @Test(arguments: [
    (MachineEvent.shutDown(reason: "guest-shutdown"), "shuts down (guest-shutdown)"), (.stopped, "stands still"),
    (.reset(reason: ""), "was reset"), (.ended(pid: 7), "ended, process 7"),
    (.failed("an error of disk disk0"), "an error of disk disk0"),
  ])
  func whatAMachineTellsIsSaidInWords(_ event: MachineEvent, _ words: String) {
    #expect(
      Self.text(.machine("web", event), .init(address: "vm.web", isDrift: false)) == "12:00  vm.web  \(words)\n")
  }
}
