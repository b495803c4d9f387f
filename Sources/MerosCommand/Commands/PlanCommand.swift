import ArgumentParser
import Diagnostics
import Host
import LinuxHost
import Reconcile
import Resources

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what apply would do, and change nothing.",
    discussion: """
      Examples:
        meros plan lab
        meros plan lab shop --detailed-exitcode
        meros plan lab --out lab.plan && meros apply lab.plan
        meros plan examples/quickstart --offline
        meros plan lab --deny-new-reachability
        meros plan lab --replace vm.web --target vm.web
        meros plan lab --update
      """)

  @Argument(help: "Directories, manifests or names.", completion: .constellations)
  var constellations: [String]
  @OptionGroup var common: CommonOptions
  @OptionGroup var changes: ChangeOptions
  @OptionGroup var replace: ReplaceOptions
  @OptionGroup var update: UpdateOptions

  @Flag(name: .customLong("destroy"), help: "Show what destroy would do.")
  var isDestruction = false
  @Flag(name: .customLong("offline"), help: "Compare with an empty host. Needs no privileges.")
  var isOffline = false
  @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when there is something to do.")
  var hasDetailedExitCode = false
  @Flag(
    name: .customLong("deny-new-reachability"),
    help: "Exit with 1 when anybody could reach anything that is out of reach now.")
  var deniesNewReachability = false
  @Option(help: ArgumentHelp("Write the plan to this file too, for apply.", valueName: "file"))
  var out: String?

  func validate() throws {
    if isOffline && out != nil {
      throw ValidationError("--out saves what was observed, and --offline observes nothing")
    }
    if isOffline && update.isUpdate {
      throw ValidationError("--update asks where things come from, and --offline asks nobody")
    }
  }

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      if !isOffline { try invocation.require([.networkAdministration], for: "plan") }
      let planOptions = PlanOptions(changes, replace)
      let planner = Planner(
        invocation, isOffline: isOffline, isDestruction: isDestruction, isSaved: out != nil,
        lookingUp: isOffline ? .none : update.lookup(for: planOptions.targets))
      let (proposals, warnings) = try await planner.proposals(constellations, planOptions)
      invocation.warn(warnings)
      let view =
        common.json ? PlanJSON(proposals, warnings: warnings).text : PlanView(proposals).text(invocation.console.paint)
      invocation.console.print(view)
      if proposals.contains(where: { !$0.plan.problems.isEmpty }) { return .failure }
      let admitted = deniesNewReachability ? Planner.newReachability(in: proposals) : Diagnostics()
      invocation.warn(admitted)
      if admitted.hasErrors { return .failure }
      if let out { try planner.save(proposals, to: out) }
      let isDone = proposals.allSatisfy { $0.plan.isEmpty && $0.goal.lock?.moves.isEmpty ?? true }
      return hasDetailedExitCode && !isDone ? ExitCode(2) : .success
    }
  }
}
