import Diagnostics
import Host
import HostTesting
import LinuxHost
import Network
import SystemPackage
import Testing

@testable import MerosCommand

private func running(_ name: String, _ attributes: [String: String] = [:]) -> ObservedMachine {
  ObservedMachine(name: name, pid: 7, attributes: attributes, isManageable: true, runState: "running")
}

private func remedy(_ body: () throws(Diagnostics) -> Void) -> [String] {
  do throws(Diagnostics) {
    try body()
    return []
  } catch {
    return error.all.flatMap { [$0.summary, $0.remedy ?? ""] }
  }
}

private func roster() throws -> Roster {
  let attributes = [
    "networks[0].tap": "t0", "networks[0].ip_addr": "", "networks[1].tap": "t1",
    "networks[1].ip_addr": "10.0.0.7/24 fd00::7/64",
  ]
  return Roster(
    "lab", written: [("web", IPAddress("10.0.0.5")), ("mute", nil)],
    running: [running("web", attributes), running("mute"), running("extra", attributes)], traces: ["old"])
}

@Test func aVMIsReachedAtTheAddressThatItRunsWith() throws {
  let roster = try roster()
  #expect(roster.entries.map(\.name) == ["web", "mute", "extra", "old"])
  #expect(try roster.reachableAddress(of: roster.entry("web")) == IPAddress("10.0.0.7"))
  #expect(roster.entries.map { $0.machine != nil } == [true, true, true, false])
}

@Test func aVMThatCannotBeReachedSaysWhy() throws {
  let roster = try roster()
  #expect(
    remedy { () throws(Diagnostics) in _ = try roster.entry("wbe") } == ["lab has no VM wbe", "did you mean web?"])
  #expect(
    remedy { () throws(Diagnostics) in _ = try roster.entry("bicycle") }
      == ["lab has no VM bicycle", "there is web, mute, extra and old"])
  #expect(
    remedy { () throws(Diagnostics) in _ = try roster.entries(["wbe", "web", "mut"]) }.filter { $0.hasPrefix("lab") }
      == ["lab has no VM wbe", "lab has no VM mut"])
  let off = remedy { () throws(Diagnostics) in _ = try roster.reachableAddress(of: roster.entry("old")) }
  #expect(off.first == "vm.old of lab does not run" && off.last?.hasPrefix("meros start lab old starts it") == true)
  let mute = remedy { () throws(Diagnostics) in _ = try roster.reachableAddress(of: roster.entry("mute")) }
  #expect(mute.first == "vm.mute has no address that ssh could reach it at")
  #expect(mute.last?.hasPrefix("meros console lab mute") == true)
}

@Test func onlyAVMWithADisplayShowsOne() throws {
  let roster = Roster(
    "lab", written: [], running: [running("web", ["display": "vnc"]), running("mute", ["display": "none"])],
    traces: ["old"])
  #expect(remedy { () throws(Diagnostics) in try roster.requireDisplay(roster.entry("web")) } == [])
  #expect(
    remedy { () throws(Diagnostics) in try roster.requireDisplay(roster.entry("mute")) }.first
      == "vm.mute of lab has no display")
  #expect(
    remedy { () throws(Diagnostics) in try roster.requireDisplay(roster.entry("old")) }.first
      == "vm.old of lab does not run")
}

@Test func theRosterOfALostConstellationIsWhatRuns() async throws {
  let memory = MemoryHost()
  let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
  let loader = Loader(folder: root, data: Scope.test.data, host: memory.host)
  #expect(try await loader.roster("quickstart").entries.map(\.name) == ["web", "client", "db"])
  await #expect { _ = try await loader.roster("nowhere") } throws: { error in
    guard case .diagnostics(let faults)? = error as? CommandFailure else { return false }
    return faults.all.map(\.summary) == ["no constellation nowhere"]
  }
}

@Test func theConfigurationNamesEachVM() throws {
  let data = try DataDirectory.open("/tmp/no such folder", create: false)
  let roster = Roster(
    "lab", written: [("web", IPAddress("10.0.0.5")), ("mute", nil)], running: [], traces: [])
  let text = SSHConfigView(roster, in: data, networkNamespace: "blue").text
  #expect(
    text == """
      Host web.lab lab-web
        HostName 10.0.0.5
        User root
        IdentityFile "/tmp/no such folder/keys/lab/client"
        IdentitiesOnly yes
        IdentityAgent none
        UserKnownHostsFile "/tmp/no such folder/keys/lab/known_hosts"
        GlobalKnownHostsFile /dev/null
        HostKeyAlias web
        HostKeyAlgorithms ssh-ed25519
        StrictHostKeyChecking yes
        UpdateHostKeys no
        BatchMode yes
        ControlPath none
        LogLevel ERROR
        ConnectTimeout 10
        ServerAliveInterval 20
        ProxyCommand nsenter --net=/run/netns/blue -- busybox nc %h %p

      """)
  #expect(!SSHConfigView(roster, in: data, networkNamespace: nil).text.contains("ProxyCommand"))
  let empty = Roster("lab", written: [], running: [], traces: [])
  #expect(SSHConfigView(empty, in: data, networkNamespace: nil).text == "# lab has no VM with an address\n")
}
