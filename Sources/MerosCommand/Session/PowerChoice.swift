import Diagnostics
import Reconcile
import Resources

/// What is asked of which VMs, checked against what there is.
struct PowerChoice: Equatable {
  let request: PowerRequest
  let targets: Set<ResourceAddress>

  /// - Parameters:
  ///   - names: of VMs; without one, all that the manifest has.
  ///   - written: the names that the manifest has.
  ///
  /// Throws for names that there are not, with the nearest, for VMs that have left the manifest, and for those that do
  /// not run where only one that runs can do what is asked.
  init(_ request: PowerRequest, _ names: [String], _ roster: Roster, written: [String]) throws(Diagnostics) {
    self.request = request
    let known = Set(written.map { ResourceAddress(kind: VirtualMachine.kind, name: $0) })
    guard !names.isEmpty else {
      targets = known
      return
    }
    var chosen: Set<ResourceAddress> = []
    for entry in try roster.entries(names) {
      let address = ResourceAddress(kind: VirtualMachine.kind, name: entry.name)
      guard known.contains(address) else {
        throw Diagnostics(
          Diagnostic(
            .error, "\(address) is no longer in the manifest of \(roster.constellation)",
            remedy: "\(ShellCommand(["meros", "apply", roster.argument]).text) takes it away"))
      }
      switch request {
      case .pause, .resume: try roster.requireRunning(entry)
      case .start, .shutdown, .restart: break
      }
      chosen.insert(address)
    }
    targets = chosen
  }

  var options: PlanOptions { PlanOptions(request, to: targets) }

  /// Nobody need be asked: who wrote the command wants just this, and nothing that is there is disturbed besides.
  func covers(_ proposals: [Proposal]) -> Bool {
    proposals.flatMap(\.plan.changes).allSatisfy {
      $0.change.disruption <= .live || targets.contains($0.address)
    }
  }
}
