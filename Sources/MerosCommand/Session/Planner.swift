import Diagnostics
import Host
import LinuxHost
import Reachability
import Reconcile
import Resources
import SystemPackage

/// From what the command line names to plans.
struct Planner {
  private let invocation: Invocation
  private let isOffline: Bool
  private let isDestruction: Bool
  /// The plan outlives the process, so the data directory must have its identity now.
  private let isSaved: Bool
  private let lookup: Lookup

  init(
    _ invocation: Invocation, isOffline: Bool = false, isDestruction: Bool, isSaved: Bool = false,
    lookingUp lookup: Lookup = .none
  ) {
    self.invocation = invocation
    self.isOffline = isOffline
    self.isDestruction = isDestruction
    self.isSaved = isSaved
    self.lookup = lookup
  }

  func proposals(
    _ arguments: [String], _ options: PlanOptions
  ) async throws(CommandFailure) -> ([Proposal], Diagnostics) {
    let site = try isOffline ? invocation.offlineSite() : invocation.site(creating: isSaved)
    let host = site.host
    let (goals, warnings) = try await goals(arguments, site, host, observing: !isOffline)
    if isOffline {
      let proposals = goals.map { goal in
        Proposal(goal, .empty(site.data.scope(goal.constellation)), kinds: Kinds.all, options: options)
      }
      return (proposals, warnings)
    }
    let proposals = try await invocation.proposals(for: goals, site, host) { _ in options }
    try await invocation.checkPackages(of: proposals, site, host)
    return (proposals, warnings)
  }

  func goals(
    _ arguments: [String], _ site: Site, _ host: Host, observing: Bool = false
  ) async throws(CommandFailure) -> ([Goal], Diagnostics) {
    if isDestruction { return try invocation.loader(site, host).destructions(arguments) }
    return try await invocation.goals(arguments, site, host, lookingUp: lookup, observing: observing)
  }

  /// What the changes would newly admit, as an error; empty where it is nothing. In JSON the plan itself tells it.
  static func newReachability(in proposals: [Proposal]) -> Diagnostics {
    let lines = proposals.flatMap { $0.reachability?.added ?? [] }
    guard !lines.isEmpty else { return Diagnostics() }
    let more = lines.count > 8 ? [", and \(lines.count - 8) more"] : []
    let list = lines.prefix(8).map(\.description).joined(separator: "; ")
    return Diagnostics(
      Diagnostic(
        .error, "this would newly admit \(([list] + more).joined())",
        remedy: "narrow the policy, or leave --deny-new-reachability out when it is meant"))
  }

  func save(_ proposals: [Proposal], to file: String) throws(CommandFailure) {
    guard let scope = proposals.first?.observation.scope else { return }
    let plan = SavedPlan(
      proposals, dataIdentity: scope.data.text, networkNamespace: invocation.common.namespaceName,
      isDestruction: isDestruction)
    try invocation.write(plan.text, to: file, permissions: [.ownerReadWrite])
    let next = ShellCommand(["meros", "apply", file]).text
    if !invocation.common.json { invocation.console.tell("\nSaved to \(file). To do exactly this: \(next)\n") }
  }
}
