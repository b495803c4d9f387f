import Host
import LinuxHost
import Network
import QMP
import Reconcile
import Resources
import SystemPackage
import Testing

@testable import MerosCommand

@Test func theStatusShowsWhatIsThereAndWhetherItAgrees() throws {
  let before = [
    Toy(name: "bear", attributes: ["color": "red"]), Toy(name: "doll"), Toy(name: "old"),
    Toy(name: "chest", isDataDisk: true),
  ]
  let proposal = try Proposal.toys(
    from: before, to: [Toy(name: "bear", attributes: ["color": "blue"]), Toy(name: "doll"), Toy(name: "new")])
  #expect(
    StatusView([proposal]).text(Paint(isOn: false)) == """
      RESOURCE   STATE      DIFFERS IN
      toy.bear   differs    color
      toy.chest  kept
      toy.doll   ok
      toy.new    missing
      toy.old    left over

      """)
}

@Test func theStatusForProgramsHasTheSameFacts() throws {
  let proposal = try Proposal.toys(
    from: [Toy(name: "bear", attributes: ["color": "red"])], to: [Toy(name: "bear", attributes: ["color": "blue"])])
  #expect(
    StatusView([proposal]).json == """
      {"format_version":"1.0","resources":[{"address":"toy.bear","agrees":false,"constellation":"lab","desired":true,\
      "differs_in":["color"],"health":"there","kind":"toy","observed":true,"state":"differs"}]}

      """)
}

@Test func machinesShowHowTheyAreDoing() throws {
  let attributes = [
    "cpus": "2", "memory": "512M", "accelerator": "tcg", "networks[0].tap": "t0",
    "networks[0].ip_addr": "10.0.0.7/24 fd00::7/64",
  ]
  let machine = ObservedMachine(
    name: "web", pid: 4711, attributes: attributes, isManageable: true, runState: "running")
  let disk = ObservedDisk(
    name: "web", image: "debian-1a2b", isBroken: false, content: nil, size: ByteCount(bytes: 1 << 30),
    isProtected: false, power: .on, madeAt: 100_000)
  let observation = Observation(
    scope: .test,
    resources: [
      ResourceAddress(kind: "vm", name: "web"): ObservedResource(
        value: ObservedVirtualMachine(machine: machine, scope: .test)),
      ResourceAddress(kind: "vm", name: "db"): ObservedResource(
        value: ObservedVirtualMachine(machine: nil, scope: .test, power: .off)),
      ResourceAddress(kind: "disk", name: "web"): ObservedResource(
        value: Disk.Observed(disk: disk, scope: .test, image: nil)),
    ])
  let goal = Goal("lab", try ResourceGraph([VirtualMachine.test("web"), VirtualMachine.test("db")]))
  let vitals = MachineVitals(
    uptime: .seconds(3661), processorTime: .seconds(75), residentMemory: ByteCount(bytes: 121 << 20))
  let view = StatusView([Proposal(goal, observation, kinds: Kinds.all)], vitals: [4711: vitals], now: 100_000 + 7200)
  let lines = view.text(Paint(isOn: false)).split(separator: "\n").map { line in
    line.split(separator: " ").map(String.init)
  }
  #expect(lines.first?.prefix(3) == ["RESOURCE", "STATE", "AGE"])
  #expect(lines.contains { $0.first == "disk.web" && $0.contains("2h00m") })
  #expect(lines.contains { $0.first == "vm.web" && $0.contains("1h01m") })
  #expect(
    view.text(Paint(isOn: false)).hasSuffix(
      """

      VM   RUNS     PID   UP     CPU TIME  CPUS  MEMORY        ACCELERATOR  ADDRESSES               IMAGE
      db   off                             1     512M          tcg
      web  running  4711  1h01m  1m15s     2     121M of 512M  tcg          10.0.0.7/24 fd00::7/64  debian-1a2b

      """))
  for part in [
    #""addresses":["10.0.0.7/24","fd00::7/64"]"#, #""uptime_seconds":3661"#, #""processor_milliseconds":75000"#,
    #""resident_bytes":126877696"#, #""since":"1970-01-02T03:46:40Z""#,
    #""since":"1970-01-02T04:45:39Z""#, #""image":"debian-1a2b""#, #""state":"off""#,
  ] {
    #expect(view.json.contains(part), "\(part)")
  }
}

@Test func whereADisplayIsShownIsTold() throws {
  let machine = ObservedMachine(
    name: "web", pid: 4711, attributes: ["display": "vnc"], isManageable: true, runState: "running")
  let observation = Observation(
    scope: .test,
    resources: [
      ResourceAddress(kind: "vm", name: "web"): ObservedResource(
        value: ObservedVirtualMachine(machine: machine, scope: .test))
    ])
  let goal = Goal("lab", try ResourceGraph([VirtualMachine.test("web")]))
  let proposal = Proposal(goal, observation, kinds: Kinds.all)
  let data = try DataDirectory.open("/nonexistent/data", create: false)
  let socket = "/nonexistent/data/run/lab/web/vnc/vnc.sock"
  let view = StatusView([proposal], data: data)
  #expect(view.text(Paint(isOn: false)).hasSuffix("  \(socket)\n") && view.json.contains(#""display":"\#(socket)""#))
  let vm = ResourceAddress(kind: "vm", name: "web")
  let account = try #require(Account(of: vm, in: proposal, data: data))
  #expect(
    AccountView(account, of: proposal, now: 0).text(Paint(isOn: false)).contains("\n  display    \(socket)\n"))
}

@Test func nothingIsSaidPlainly() {
  #expect(
    StatusView([.destroying([])]).text(Paint(isOn: false)) == "Nothing is there, and nothing should be.\n")
}
