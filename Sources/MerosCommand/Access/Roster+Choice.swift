package import Diagnostics
package import Host
import Manifest
package import Network

extension Roster {
  /// The VM of this name. Throws, with the nearest name, where there is none.
  package func entry(_ name: String) throws(Diagnostics) -> Entry {
    if let entry = entries.first(where: { $0.name == name }) { return entry }
    let remedy = Nearest.remedy(for: name, among: entries.map(\.name))
    throw Diagnostics(Diagnostic(.error, "\(constellation) has no VM \(name)", remedy: remedy))
  }

  /// Those of these names; without a name all of them.
  package func entries(_ names: [String]) throws(Diagnostics) -> [Entry] {
    guard !names.isEmpty else { return entries }
    var chosen: [Entry] = []
    var faults = Diagnostics()
    for name in names {
      do { chosen.append(try entry(name)) } catch { faults.append(contentsOf: error) }
    }
    try faults.throwIfErrors()
    return chosen
  }

  /// The VM as it runs. Throws where it does not.
  @discardableResult
  package func requireRunning(_ entry: Entry) throws(Diagnostics) -> ObservedMachine {
    if let machine = entry.machine { return machine }
    let start = ShellCommand(["meros", "start", argument, entry.name]).text
    throw Diagnostics(
      Diagnostic(
        .error, "vm.\(entry.name) of \(constellation) does not run",
        remedy: "\(start) starts it; when it lives in another network namespace or data directory, name that"
          + " with --netns or --data-dir"))
  }

  /// Throws where the VM does not run, or has no display.
  package func requireDisplay(_ entry: Entry) throws(Diagnostics) {
    if try requireRunning(entry).hasDisplay { return }
    throw Diagnostics(
      Diagnostic(
        .error, "vm.\(entry.name) of \(constellation) has no display",
        remedy: "write display: true in the manifest, and apply; it restarts the VM"))
  }

  /// Where ssh reaches the VM. Throws where it does not run, or has no address.
  package func reachableAddress(of entry: Entry) throws(Diagnostics) -> IPAddress {
    try requireRunning(entry)
    if let address = entry.address { return address }
    let console = ShellCommand(["meros", "console", argument, entry.name]).text
    throw Diagnostics(
      Diagnostic(
        .error, "vm.\(entry.name) has no address that ssh could reach it at",
        remedy: "\(console) shows its console; with an ip_addr in the manifest it can be reached"))
  }
}
