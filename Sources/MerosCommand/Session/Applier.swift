import ArgumentParser
import Diagnostics
import Host
import LinuxHost
import Reconcile
import Resources

/// From what the command line names to a changed host: locks, loads, looks, and applies.
struct Applier {
  private let invocation: Invocation
  private let options: ApplyOptions
  private let isDestruction: Bool
  private let narrator: any Narrator
  private let kinds: [any Resource.Type]

  /// - Parameter kinds: of all that is looked at and changed.
  init(
    _ invocation: Invocation, _ options: ApplyOptions, isDestruction: Bool, kinds: [any Resource.Type] = Kinds.all
  ) {
    self.invocation = invocation
    self.options = options
    self.isDestruction = isDestruction
    self.kinds = kinds
    narrator = invocation.stream ?? TextNarrator(invocation.console)
  }

  func apply(
    _ arguments: [String], _ planOptions: PlanOptions, lookingUp lookup: Lookup = .none
  ) async throws(CommandFailure) -> ExitCode {
    try await apply(planOptions, isApproved: options.isApproved) { (site, host) async throws(CommandFailure) in
      try await Planner(invocation, isDestruction: isDestruction, lookingUp: lookup).goals(arguments, site, host)
    }
  }

  /// Applies what `load` gives: goals, and what is worth a word about them.
  func apply(
    _ planOptions: PlanOptions, isApproved: Bool,
    _ load: (Site, Host) async throws(CommandFailure) -> ([Goal], Diagnostics)
  ) async throws(CommandFailure) -> ExitCode {
    let site = try invocation.site(creating: true)
    let host = site.host
    let (goals, warnings) = try await load(site, host)
    narrator.warn(warnings)
    return try await locked(goals, site) { () async throws(CommandFailure) in
      let proposals = try await invocation.proposals(for: goals, site, host, kinds: kinds) { _ in planOptions }
      try await invocation.checkPackages(of: proposals, site, host)
      return await carryOut(proposals, site, host, isApproved: isApproved) { logins(of: $0, site) }
    }
  }

  /// Does to these VMs, or to all, what a person asks of them.
  func request(
    _ request: PowerRequest, of machines: [String], in constellation: String
  ) async throws(CommandFailure) -> ExitCode {
    // Before anybody is asked for anything, and anything is made.
    let written = try invocation.writtenMachines(of: constellation)
    let roster = try await invocation.roster(constellation, try invocation.site(creating: false))
    let choice: PowerChoice
    do { choice = try PowerChoice(request, machines, roster, written: written) } catch { throw .diagnostics(error) }
    let site = try invocation.site(creating: !request.isNarrow)
    let host = site.host
    // What is to be started may have to be built.
    let planner = Planner(invocation, isDestruction: false, lookingUp: request.isNarrow ? .none : .missing)
    let (goals, warnings) = try await planner.goals([constellation], site, host)
    narrator.warn(warnings)
    return try await locked(goals, site) { () async throws(CommandFailure) in
      let proposals = try await invocation.proposals(for: goals, site, host) { _ in choice.options }
      return await carryOut(
        proposals, site, host, isApproved: options.isApproved || choice.covers(proposals))
    }
  }

  /// Does of the plan what makes root disks and kernels.
  func build(_ selection: BuildSelection) async throws(CommandFailure) -> ExitCode {
    // Before anybody is asked for anything, and anything is made.
    try selection.check(among: try invocation.writtenMachines(of: selection.constellation))
    let site = try invocation.site(creating: true)
    let host = site.host
    let (goals, warnings) = try await invocation.goals(
      [selection.constellation], site, host, lookingUp: .missing, image: selection.image, startsMachines: false)
    narrator.warn(warnings)
    var targets: Set<ResourceAddress> = []
    for goal in goals { targets.formUnion(selection.targets(in: goal)) }
    let options = PlanOptions(targets: targets)
    return try await locked(goals, site) { () async throws(CommandFailure) in
      let proposals = try await invocation.proposals(for: goals, site, host) { _ in options }
      for proposal in proposals { try BuildSelection.checkNoneRuns(proposal) }
      try await invocation.checkPackages(of: proposals, site, host)
      return await carryOut(proposals, site, host, isApproved: self.options.isApproved) { proposal in
        let disks = targets.sorted().compactMap { (proposal.goal.graph.resources[$0] as? Disk)?.design }
        return BuiltDisksView(disks: disks, data: site.data).text
      }
    }
  }

  private func logins(of proposal: Proposal, _ site: Site) -> String {
    LoginView(
      proposal.goal, dataDirectory: site.data.root, networkNamespace: invocation.common.namespaceName
    ).text
  }

  /// Makes the plan again and applies it when it is still the same. It was approved when it was saved.
  func apply(_ saved: SavedPlan, from file: String) async throws(CommandFailure) -> ExitCode {
    let site = try invocation.site(creating: true, namespaceName: saved.networkNamespace)
    let host = site.host
    let goals: [Goal]
    if isDestruction {
      goals = saved.parts.map { Goal(destroying: $0.constellation) }
    } else {
      let (loaded, warnings) = try await invocation.goals(
        saved.parts.map { $0.path ?? $0.constellation }, site, host, locks: saved.locks)
      narrator.warn(warnings)
      goals = loaded
    }
    return try await locked(goals, site) { () async throws(CommandFailure) in
      let proposals = try await invocation.proposals(for: goals, site, host) { goal in
        saved.parts.first { $0.constellation == goal.constellation }?.options ?? PlanOptions()
      }
      let now = SavedPlan(
        proposals, dataIdentity: site.data.identity.text, networkNamespace: saved.networkNamespace,
        isDestruction: isDestruction)
      let movements = saved.movements(to: now)
      guard movements.isEmpty else { throw .stalePlan(file: file, movements) }
      try await invocation.checkPackages(of: proposals, site, host)
      return await carryOut(proposals, site, host, isApproved: true) { logins(of: $0, site) }
    }
  }

  private func locked(
    _ goals: [Goal], _ site: Site, _ body: () async throws(CommandFailure) -> ExitCode
  ) async throws(CommandFailure) -> ExitCode {
    try await invocation.locked(Set(goals.map(\.constellation)), site, timeout: options.lockTimeout) {
      () async throws(CommandFailure) in
      try await holding(goals, site, body)
    }
  }

  /// What the goals need of the store stays there meanwhile.
  private func holding(
    _ goals: [Goal], _ site: Site, _ body: () async throws(CommandFailure) -> ExitCode
  ) async throws(CommandFailure) -> ExitCode {
    let lease: StoreLease
    do {
      lease = try await StoreLease.take(goals.reduce(into: []) { $0.formUnion($1.graph.storeAddresses) }, in: site.data)
    } catch { throw .host(error) }
    let code = try await body()
    _ = consume lease
    return code
  }

  /// `closing` is what a person is told at the end of each.
  private func carryOut(
    _ proposals: [Proposal], _ site: Site, _ host: Host, isApproved: Bool, closing: (Proposal) -> String = { _ in "" }
  ) async -> ExitCode {
    let (console, common) = (invocation.console, invocation.common)
    let gate = Gate(
      maximum: options.maximumDisruption, isInteractive: console.isInteractive && !common.json,
      isDestruction: isDestruction)
    let session = ApplySession(
      kinds: kinds, host: host, gate: gate, isApproved: isApproved, parallelism: options.parallelism,
      narrator: narrator, interrupts: .signals)
    guard await session.run(proposals) == .complete else { return .failure }
    // Only the next run is slower without it.
    try? site.saveCache()
    if !common.json && !isDestruction {
      for proposal in proposals {
        let text = closing(proposal)
        if !text.isEmpty { console.print("\n\(text)") }
      }
    }
    return .success
  }
}
