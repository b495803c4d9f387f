import Glibc
import Host
import HostTesting
import LinuxHost
import Network
import QMP
import SystemPackage
import Testing

/// Programs of a machine whose windows are shown on a desktop here.
struct DesktopVisit {
  let meros: MerosProgram

  init(_ meros: MerosProgram) { self.meros = meros }

  private static let manifest = """
    bridges:
      lan: {subnet: 10.44.3.1/24, policy_type: isolated}
    virtual_machines:
      desk:
        packages: [waypipe, foot, fonts-dejavu-core, xwayland, xterm]
        memory: 384M
        networks: [{bridge: lan, ip_addr: 10.44.3.11}]

    """

  /// Two at once, of which one ends by itself and one with its machine; nothing of either stays behind.
  func showsWindows() async throws {
    let ground = meros.ground
    try ground.write(Self.manifest, to: "desk/constellation.yml")
    let applied = try await meros.run(["apply", "desk", "--auto-approve"])
    #expect(applied.code == 0, "\(applied.output)\n\(applied.diagnostics)")
    let desktop = try await HeadlessDesktop(ground)
    try await refuses(desktop)

    let empty = try await desktop.colors()
    async let first = show("first", "until [ -e /run/enough ]; do sleep 0.1; done; exit 7", on: desktop)
    async let second = show("second", "sleep 3600", on: desktop)
    try await eventually { try await desktop.windows() == ["first", "second"] }
    try await eventually { try await desktop.colors() > empty + 8 }
    let sessions = try desktop.sessions
    #expect(sessions.count == 2)
    for session in sessions { #expect(try mode(of: session) == 0o700, "\(session)") }
    #expect(try await said("ls -d /run/meros-* | wc -l; stat -c %a /run/meros-*") == "2\n700\n700\n")

    _ = try await said("touch /run/enough")
    let ending = try await first
    #expect(ending.code == 7, "\(ending.diagnostics)")
    #expect(try desktop.sessions.count == 1)
    #expect(try await said("ls -d /run/meros-* | wc -l") == "1\n")
    #expect(try await desktop.windows() == ["second"])

    let x11 = try await run("desk", "--x11", "--", "sh", "-c", "xterm -e true && exit 9", on: desktop)
    #expect(x11.code == 9, "\(x11.diagnostics)")

    kill(try await pid(), SIGKILL)
    let broken = try await second
    #expect(broken.code == 1 && broken.diagnostics.contains("vm.desk ended while foot ran in it"), "\(broken)")
    #expect(try desktop.sessions.isEmpty)
    try await eventually { try await desktop.windows().isEmpty }
    let left = try await Program("pgrep", ["-f", "\(desktop.folder)/meros-"]).result("look")
    #expect(left.termination == .exited(1))
    try await desktop.end()
    let destroyed = try await meros.run(["destroy", "desk", "--auto-approve"])
    #expect(destroyed.code == 0, "\(destroyed.diagnostics)")
  }

  /// What cannot be shown says why.
  private func refuses(_ desktop: HeadlessDesktop) async throws {
    let missing = try await run("desk", "fot", on: desktop)
    #expect(missing.code == 1 && missing.diagnostics.contains("there is no program fot in vm.desk"), "\(missing)")
    let misspelt = try await run("dask", "foot", on: desktop)
    #expect(misspelt.code == 1 && misspelt.diagnostics.contains("did you mean desk?"), "\(misspelt)")
    #expect(try desktop.sessions.isEmpty)
  }

  /// A terminal that runs a command of the shell. It would take more memory at once than there is, to scroll faster.
  private func show(
    _ name: String, _ command: String, on desktop: HeadlessDesktop
  ) async throws -> MerosProgram.Ending {
    let terminal = ["foot", "--app-id", name, "-o", "tweak.max-shm-pool-size-mb=0"]
    let words = ["run", "desk", "desk"] + terminal + ["sh", "-c", "echo a window; \(command)"]
    return try await meros.run(words, desktop.variables)
  }

  private func run(_ words: String..., on desktop: HeadlessDesktop) async throws -> MerosProgram.Ending {
    try await meros.run(["run", "desk"] + words, desktop.variables)
  }

  private func said(_ command: String) async throws -> String {
    let ending = try await meros.run(["connect", "desk", "desk", "--", command])
    #expect(ending.code == 0, "\(command): \(ending.diagnostics)")
    return ending.output
  }

  private func pid() async throws -> pid_t {
    let status = JSON(parsing: try await meros.run(["status", "desk", "--json"]).output)
    guard case .array(let resources) = status?["resources"] else { return try #require(nil) }
    let machine = resources.first { $0["address"]?.string == "vm.desk" }
    return pid_t(try #require(machine?["pid"]?.integer))
  }

  private func mode(of path: FilePath) throws -> mode_t {
    var status = stat()
    try #require(unsafe path.withPlatformString({ unsafe stat($0, &status) }) == 0)
    return status.st_mode & 0o777
  }
}
