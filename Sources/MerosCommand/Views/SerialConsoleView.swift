/// What is said around a visit to a serial console.
struct SerialConsoleView {
  private let machine: String

  init(_ machine: String) { self.machine = machine }

  var begin: String { "Console of vm.\(machine). Enter wakes it, Ctrl-] leaves.\n" }

  func end(_ ending: SerialConsole.Ending) -> String {
    switch ending {
    case .left: "\nLeft the console of vm.\(machine).\n"
    case .closed: "\nThe console of vm.\(machine) is gone: its QEMU has ended, or somebody closed it.\n"
    case .interrupted: "\nInterrupted.\n"
    }
  }
}
