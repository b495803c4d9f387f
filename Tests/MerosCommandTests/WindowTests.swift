import ArgumentParser
import Diagnostics
import Host
import LinuxHost
import Netlink
import Network
import SystemPackage
import Testing

@testable import MerosCommand

@Test(
  arguments: [
    (["run", "lab", "web", "foot", "-e", "--json"], ["run", "lab", "web", "--", "foot", "-e", "--json"]),
    (
      ["run", "--netns", "blue", "lab", "--x11", "web", "--compress", "none", "foot"],
      ["run", "--netns", "blue", "lab", "--x11", "web", "--compress", "none", "--", "foot"]
    ),
    (["run", "lab", "web", "--", "foot", "a"], ["run", "lab", "web", "--", "foot", "a"]),
    (["run", "lab", "web"], ["run", "lab", "web"]), (["run", "--help"], ["run", "--help"]), ([], []),
    (["--run", "lab", "web", "foot", "-v"], ["run", "lab", "web", "--", "foot", "-v"]),
    (["-c", "lab", "web"], ["connect", "lab", "web"]), (["--connect", "lab", "web"], ["connect", "lab", "web"]),
    (["plan", "a", "b", "c", "-c"], ["plan", "a", "b", "c", "-c"]),
  ])
func theApplicationHasItsOptionsAndOlderSpellingsWork(_ arguments: [String], _ understood: [String]) {
  #expect(Meros.understood(arguments) == understood)
}

/// What takes a value must be known before the command line is parsed.
@Test func everyOptionOfRunThatTakesAValueIsKnown() {
  let help = Meros.helpMessage(for: RunCommand.self, columns: 200)
  let options = help.matches(of: /(?m)^  (?:-\w, )?(--[a-z0-9-]+) </).map { String($0.1) }
  #expect(Set(options) == Meros.optionsOfRun)
}

@Test func bothSidesOfWaypipeAreToldTheSame() throws {
  let command = try #require(
    try Meros.parseAsRoot([
      "run", "lab", "web", "--x11", "--compress", "zstd=7", "--video", "sw,h264", "--no-gpu", "--drm-node", "/dev/a",
      "--remote-node", "/dev/b", "--", "foot", "a b",
    ]) as? RunCommand)
  #expect(command.application == ["foot", "a b"] && command.isX11)
  let common = ["--compress", "zstd=7", "--no-gpu", "--video=sw,h264"]
  #expect(command.waypipe.words(for: .host) == common + ["--drm-node", "/dev/a"])
  #expect(command.waypipe.words(for: .machine) == common + ["--drm-node", "/dev/b"])
  #expect(command.waypipe.features == ["zstd", "video"])
  #expect(try WaypipeOptions.parse([]).words(for: .host) == ["--compress", "lz4"])
  for bad in ["lzma", "none=1", "zstd=", "zstd=much"] {
    #expect(throws: (any Error).self) { try WaypipeOptions.parse(["--compress", bad]) }
  }
}

@Test func whatAWaypipeWasBuiltWithIsRead() throws {
  let older = try #require(
    WaypipeEdition(["noise", "waypipe 0.8.4", "features: lz4 zstd dmabuf", "unavailable: video vaapi"]))
  #expect(older == WaypipeEdition(version: "0.8.4", features: ["lz4", "zstd", "dmabuf"]))
  #expect(older.lacks(["lz4", "video"]) == ["video"])
  let newer = try #require(WaypipeEdition(["waypipe 0.10.1", "features:", "  lz4: true", "  zstd: false"]))
  #expect(newer.features == ["lz4"] && newer.lacks(["zstd"]) == ["zstd"])
  #expect(try #require(WaypipeEdition(["waypipe 1"])).lacks(["lz4"]).isEmpty)
  #expect(WaypipeEdition(["sh: waypipe: not found"]) == nil)
}

private func session(_ application: [String], isX11: Bool = false) throws -> WindowSession {
  let data = try DataDirectory.open("/tmp/nowhere", create: false)
  let visit = Invocation.Visit(login: SSHLogin(to: "web", at: .v4(1), of: "lab", in: data), pid: 1)
  return WindowSession(
    application, on: visit, in: .current, desktop: try desktop(["XDG_RUNTIME_DIR": "/", "WAYLAND_DISPLAY": "tmp"]),
    options: try WaypipeOptions.parse([]), isX11: isX11, hasTerminal: false, interrupts: .none)
}

private func desktop(_ environment: [String: String]) throws -> Desktop { try Desktop { environment[$0] } }

@Test func whatAMachineLacksIsFoundBeforeAnythingIsRun() throws {
  let edition = WaypipeEdition(version: "0.8.4", features: ["lz4"])
  let said = ["hello", "meros: application", "meros: waypipe 0.8.4", "meros: features: lz4", "meros: ready"]
  #expect(try session(["foot"]).hindrance(here: edition, there: said) == nil)
  #expect(try session(["foot"]).hindrance(here: nil, there: said) == nil)
  #expect(try session(["foot"], isX11: true).hindrance(here: edition, there: said) == .missing(.xwayland))
  #expect(
    try session(["foot", "x"]).hindrance(here: edition, there: Array(said.dropFirst(2)))
      == .missing(.application("foot")))
  #expect(try session(["foot"]).hindrance(here: edition, there: ["meros: ready"]) == .missing(.waypipe))
  #expect(
    try session(["foot"]).hindrance(here: WaypipeEdition(version: "0.7", features: []), there: said)
      == .unable(.host, version: "0.7", lacks: ["lz4"]))
}

@Test func socketsOfManyDoNotMeet() throws {
  let (one, other) = (try session(["foot"]), try session(["foot"]))
  #expect(one.folder != other.folder && one.remoteFolder != other.remoteFolder)
  #expect(one.folder.removingLastComponent() == "/" && one.remoteFolder.removingLastComponent() == "/run")
}

@Test(
  arguments: [
    ([:], "WAYLAND_DISPLAY is not set"), (["WAYLAND_DISPLAY": "wayland-0"], "XDG_RUNTIME_DIR is not set"),
    (["WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"], "there is no /nowhere/wayland-9"),
  ])
func aDesktopThatIsNotThereIsToldWithWhatToDo(_ environment: [String: String], _ reason: String) throws {
  for (user, remedy) in [(nil, "run it from a terminal of"), ("1000", "sudo drops what tells of the desktop")] {
    var environment = environment
    environment["SUDO_UID"] = user
    let fault = #expect(throws: Diagnostics.self) { try desktop(environment) }
    #expect(fault?.all.first?.summary.hasSuffix(reason) == true)
    #expect(fault?.all.first?.remedy?.hasPrefix(remedy) == true)
  }
  #expect(try desktop(["WAYLAND_DISPLAY": "/tmp"]) == Desktop { ["WAYLAND_DISPLAY": "/tmp"][$0] })
}

@Test func whatHindersAWindowIsSaidWithWhatToAdd() {
  let view = WindowView("foot", on: "web")
  func text(_ hindrance: WindowHindrance) -> String {
    DiagnosticsView(view.diagnostics(hindrance)).text(Paint(isOn: false))
  }
  #expect(
    text(.missing(.waypipe)) == """
      error: there is no waypipe in vm.web
        do: add it to the packages of web in the manifest: packages: [waypipe]

      """)
  #expect(
    text(.unable(.machine, version: "0.8", lacks: ["zstd"])) == """
      error: waypipe 0.8 in vm.web was built without zstd
        do: choose another --compress, or none

      """)
  #expect(text(.missingHere).contains("./dist-conf.sh desktop"))
  #expect(view.text(said: []).isEmpty)
  #expect(view.text(said: ["why"]) == "waypipe said here:\n  | why\n")
}
