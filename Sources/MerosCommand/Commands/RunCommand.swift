import ArgumentParser
import Diagnostics
import Glibc
import LinuxHost
import SystemPackage

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a graphical application of a VM, with its windows on the Wayland desktop here.",
    usage: "meros run [<options>] <constellation> <vm> [--] <application> [<arguments>]",
    discussion: """
      waypipe must be installed here and in the VM, in versions that understand each other. Whatever stands behind \
      APPLICATION is the application's, so options of meros come before it. It runs as root, as all that meros connect \
      does there. The exit code is that of the application, 255 when ssh itself failed.

      Examples:
        meros run lab desk foot
        meros run lab desk -- firefox-esr --new-window
        meros run lab desk --x11 xterm -fs 14
        sudo --preserve-env=WAYLAND_DISPLAY,XDG_RUNTIME_DIR meros run lab desk foot
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("The VM.", valueName: "vm"), completion: .machines)
  var machine: String
  @Argument(parsing: .postTerminator, help: "The application and its arguments.")
  var application: [String] = []
  @Flag(name: .customLong("x11"), help: "The application speaks X11: give it an Xwayland of its own, as one window.")
  var isX11 = false
  @OptionGroup var waypipe: WaypipeOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !application.isEmpty else { throw ValidationError("run takes the application behind the VM") }
  }

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([], for: "run")
      let site = try invocation.site(creating: false)
      let visit = try await invocation.visit(machine, of: constellation, site)
      let desktop: Desktop
      do throws(Diagnostics) { desktop = try Desktop(CommonOptions.variable) } catch { throw .diagnostics(error) }
      var options = waypipe
      if !FilePath("/dev/dri").exists { options.noGPU = true }
      let session = WindowSession(
        application, on: visit, in: site.networkNamespace, desktop: desktop, options: options, isX11: isX11,
        hasTerminal: isatty(0) == 1 && isatty(1) == 1, interrupts: .signals)
      return try await invocation.carryOut(session)
    }
  }
}
