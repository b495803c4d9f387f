import LinuxHost
import Manifest
import MerosCommand
import SystemPackage

/// A thousand machines on ten bridges, whose taps and rules exist and which do not run.
struct PlanCase: BenchCase {
  let name: String
  let purpose: String
  /// What is planned, where the networks are those of `ThousandMachines.manifest`.
  let goal: String
  /// Of telling who newly reaches whom; nil where nothing of the network changes.
  let reachabilityLimit: Duration?
  /// Of the whole command.
  let limit: Duration

  static let unchanged = PlanCase(
    name: "plan",
    purpose: "plan of 1,000 machines on 10 bridges whose taps and rules exist, besides process start",
    goal: ThousandMachines.manifest, reachabilityLimit: nil, limit: .milliseconds(150))

  static let otherPolicy = PlanCase(
    name: "plan-policy",
    purpose: "the same where policies and flows change, and who newly reaches whom by that",
    goal: ThousandMachines.otherPolicy, reachabilityLimit: .milliseconds(200), limit: .milliseconds(400))

  func measure(_ settings: Settings) async throws -> [Finding] {
    try await Stage.with { stage in
      let folder = stage.folder.appending("thousand")
      let manifest = folder.appending("constellation.yml")
      try folder.makeFolders()
      try manifest.replaceContents(Array(ThousandMachines.manifest.utf8))
      let data = stage.folder.appending("data")
      let site = try Site.open(data, namespaceName: stage.namespaceName, create: true)
      let lock = try ThousandMachines.lock(in: site.data)
      try folder.appending("constellation.lock").replaceContents(Array(lock.text.utf8))
      var phases = PlanPhases(site, folder, lock)
      try await phases.applyNetworks()
      try manifest.replaceContents(Array(goal.utf8))

      let command = [
        settings.meros.string, "plan", folder.string, "--data-dir", data.string, "--netns", stage.namespaceName,
      ]
      let output = stage.folder.appending("output")
      try Child.run(command, output: output)
      let rounds = settings.rounds ?? 9
      var (ours, starts): ([Duration], [Duration]) = ([], [])
      let wall = try await Pairs(rounds) {
        try await elapsed { ours.append(try Child.run(command).processorTime) }
      } theirs: {
        try await elapsed { starts.append(try Child.run([settings.meros.string, "version"]).processorTime) }
      }
      for _ in 0..<rounds { try await phases.run() }
      return [
        wall.excess("meros plan", over: "meros version", .below(limit)),
        Finding(
          name: "its processor time", peer: "besides meros version", ours: ours.median - starts.median, theirs: nil,
          count: rounds, claim: .none),
      ] + phases.findings(reachability: reachabilityLimit)
    }
  }
}
