import Diagnostics

/// What is said about an application of a VM on the desktop here.
struct WindowView {
  private let application: String
  private let machine: String

  init(_ application: String, on machine: String) {
    self.application = application
    self.machine = machine
  }

  var interrupted: String { "\nInterrupted. \(application.printable) has lost its desktop.\n" }

  var machineEnded: Diagnostics {
    error(
      "vm.\(machine) ended while \(application) ran in it",
      "meros logs tells what it said last, meros start starts it again")
  }

  var connectionLost: Diagnostics {
    error(
      "the connection to vm.\(machine) ended while \(application) ran in it",
      "meros status tells whether it runs, meros logs what it said last")
  }

  /// - Parameter said: by waypipe on this side, while the application failed; empty: nothing to tell.
  func text(said: [String]) -> String {
    guard !said.isEmpty else { return "" }
    return "waypipe said here:\n" + said.map { "  | \($0.printable)\n" }.joined()
  }

  func diagnostics(_ hindrance: WindowHindrance) -> Diagnostics {
    switch hindrance {
    case .missingHere:
      error(
        "waypipe is not installed here, which shows windows of VMs",
        "./dist-conf.sh desktop installs it; on most systems the package is called waypipe")
    case .missing(.waypipe):
      error(
        "there is no waypipe in vm.\(machine)",
        "add it to the packages of \(machine) in the manifest: packages: [waypipe]")
    case .missing(.xwayland):
      error(
        "there is no Xwayland in vm.\(machine), which --x11 takes",
        "add it to the packages of \(machine) in the manifest: packages: [waypipe, xwayland]")
    case .missing(.application(let name)):
      error(
        "there is no program \(name) in vm.\(machine)",
        "look how it is written; else add what brings it to the packages of \(machine) in the manifest")
    case .unable(let side, let version, let lacks):
      error(
        "waypipe \(version) \(side == .host ? "on this host" : "in vm.\(machine)") was built without"
          + " \(enumerated(lacks))", lacks == ["video"] ? "leave --video out" : "choose another --compress, or none")
    }
  }

  private func error(_ summary: String, _ remedy: String) -> Diagnostics {
    Diagnostics(Diagnostic(.error, summary.printable, remedy: remedy))
  }
}
