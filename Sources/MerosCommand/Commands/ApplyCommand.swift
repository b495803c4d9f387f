import ArgumentParser
import Host
import LinuxHost
import Reconcile

struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Make what runs what the constellations say, after showing the plan and asking.",
    discussion: """
      Examples:
        meros apply lab
        meros apply lab shop --auto-approve
        meros apply lab --auto-approve --max-disruption restart
        meros plan lab --out lab.plan && meros apply lab.plan
        meros apply lab --auto-approve --json | jq .
        meros init lab                                   the same by its older name

      The first interrupt lets running steps finish and begins no new ones, the second stops at once. Either way the next \
      apply goes on from there.
      """,
    aliases: ["init"])

  @Argument(
    help: "Directories, manifests or names; or one plan that plan --out saved.", completion: .constellations)
  var constellations: [String]
  @OptionGroup var common: CommonOptions
  @OptionGroup var changes: ChangeOptions
  @OptionGroup var replace: ReplaceOptions
  @OptionGroup var update: UpdateOptions
  @OptionGroup var options: ApplyOptions

  func validate() throws {
    let isAltered = PlanOptions(changes, replace) != PlanOptions() || update.isUpdate
    if isAltered, let saved = try? SavedPlan.named(by: constellations), !saved.parts.isEmpty {
      throw ValidationError(
        "\(constellations[0]) is a saved plan, and exactly that is done: what else is wanted is said to plan --out")
    }
  }

  func run() async throws {
    let invocation = Invocation(common, isStream: true)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.root, .networkAdministration, .systemAdministration], for: "apply")
      let saved = try SavedPlan.named(by: constellations)
      let applier = Applier(invocation, options, isDestruction: saved?.isDestruction ?? false)
      if let saved { return try await applier.apply(saved, from: constellations[0]) }
      let planOptions = PlanOptions(changes, replace)
      return try await applier.apply(
        constellations, planOptions, lookingUp: update.lookup(for: planOptions.targets))
    }
  }
}
