import ArgumentParser
import LinuxHost
import Reconcile
import SystemPackage
import Testing

@testable import MerosCommand

@Test func everyVerbOfTheCommandLineIsRead() throws {
  let plan = try #require(
    try Meros.parseAsRoot([
      "plan", "lab", "shop", "--detailed-exitcode", "--out", "f", "--target", "vm.web", "--target", "bridge.lan",
      "--replace", "vm.web", "--netns", "blue", "--data-dir", "/d", "--json", "--no-color", "-v",
    ]) as? PlanCommand)
  #expect(plan.constellations == ["lab", "shop"])
  #expect(plan.hasDetailedExitCode && plan.out == "f" && plan.common.json && plan.common.verbose)
  #expect(PlanOptions(plan.changes, plan.replace).targets.map(\.description).sorted() == ["bridge.lan", "vm.web"])
  #expect(plan.common.namespaceName == "blue" && plan.common.dataPath == "/d")

  let apply = try #require(
    try Meros.parseAsRoot(["apply", "lab", "-y", "--max-disruption", "data-loss", "--lock-timeout", "9"])
      as? ApplyCommand)
  #expect(apply.options.isApproved && apply.options.maximumDisruption == .dataLoss && apply.options.parallelism == 10)
  #expect(apply.options.lockTimeout == .seconds(9))

  let build = try #require(
    try Meros.parseAsRoot(["build", "--use", "a.qcow2", "lab", "web", "db", "-y"]) as? BuildCommand)
  #expect(build.constellation == "lab" && build.machines == ["web", "db"] && build.image == "a.qcow2")
  #expect(build.options.isApproved && !build.isRootOnly)

  let destroy = try #require(
    try Meros.parseAsRoot(["destroy", "lab", "--delete-disk", "disk.web/data", "--delete-disk", "disk.db/data"])
      as? DestroyCommand)
  #expect(PlanOptions(destroy.changes).deletions.count == 2)
  #expect(try Meros.parseAsRoot(["validate", "lab"]) is ValidateCommand)
  #expect(try Meros.parseAsRoot(["status", "lab"]) is StatusCommand)
  #expect(try Meros.parseAsRoot(["version"]) is VersionCommand)
  #expect(try Meros.parseAsRoot(["ssh-config", "lab"]) is SSHConfigCommand)

  let connect = try #require(
    try Meros.parseAsRoot(["connect", "lab", "web", "--netns", "blue", "--", "ls", "--json"]) as? ConnectCommand)
  let push = try #require(try Meros.parseAsRoot(["push", "lab", "web", "a", "b", ":c", "-v"]) as? PushCommand)
  #expect(push.paths == ["a", "b", ":c"] && push.common.verbose)
  #expect(try Meros.parseAsRoot(["pull", "lab", "web", ":c"]) is PullCommand)
  #expect(connect.machine == "web" && connect.command == ["ls", "--json"] && !connect.common.json)
}

@Test func aSavedPlanIsDoneExactlyOrNotAtAll() throws {
  let goal = Goal("lab", try ResourceGraph([Toy(name: "bear")]), path: "/lab/constellation.yml")
  let proposal = Proposal(goal, ToyWorld([]).observation(), kinds: [Toy.self])
  let plan = SavedPlan([proposal], dataIdentity: "0123456789abcdef", networkNamespace: nil, isDestruction: false)
  let file = FilePath("/tmp/meros-plan-\(UInt64.random(in: 0 ... .max))")
  try file.replaceContents(Array(plan.text.utf8))
  defer { try? file.unlink() }
  #expect(try Meros.parseAsRoot(["apply", file.string, "-y"]) is ApplyCommand)
  for option in [["--target", "toy.bear"], ["--replace", "toy.bear"], ["--delete-disk", "disk.a/b"], ["--update"]] {
    #expect {
      _ = try Meros.parseAsRoot(["apply", file.string] + option)
    } throws: { error in
      Meros.exitCode(for: error).rawValue == 64
    }
  }
}

@Test(
  arguments: [
    ["plan"], ["apply", "lab", "--parallelism", "0"], ["apply", "lab", "--lock-timeout", "-1"],
    ["apply", "lab", "--max-disruption", "much"], ["plan", "lab", "--target", "web"],
    ["plan", "lab", "--offline", "--out", "f"], ["plan", "lab", "--detailed-exit-code"], ["destroy"], ["build"],
    ["build", "--rootfs-only", "--use", "a.qcow2", "lab"], ["build", "--use", "", "lab"],
    ["kernel-build", "--config", ""],
    ["connect", "lab"], ["connect", "lab", "web", "ls"], ["push", "lab", "web", ":only"], ["pull", "lab", "web"],
    ["logs", "lab", "web", "--build"], ["logs", "lab", "-n", "-1"], ["console", "lab"], ["completions", "ksh"],
    ["shutdown"], ["shutdown", "lab", "--timeout", "-1"], ["start", "lab", "--timeout", "1"],
    ["pause", "lab", "--grace"],
    ["new"], ["new", "lab", "--template", "none"], ["snapshot", "save", "lab"], ["snapshot", "save", "lab", "a b"],
    ["snapshot", "list", "lab", "then"], ["snapshot", "sav", "lab", "then"],
  ])
func badArgumentsAreAMatterOfUsage(_ arguments: [String]) {
  #expect {
    _ = try Meros.parseAsRoot(arguments)
  } throws: { error in
    Meros.exitCode(for: error).rawValue == 64
  }
}

/// Every command by its words: those that have commands of their own are a word more.
private let commands = Meros.configuration.subcommands.flatMap { command in
  let name = command.configuration.commandName ?? ""
  let inner = command.configuration.subcommands.map { [name, $0.configuration.commandName ?? ""] }
  return inner.isEmpty ? [[name]] : inner
}

@Test(arguments: commands)
func theHelpOfEveryCommandHasExamples(_ words: [String]) throws {
  var command: any ParsableCommand.Type = Meros.self
  for word in words {
    command = try #require(command.configuration.subcommands.first { $0.configuration.commandName == word })
  }
  let help = Meros.helpMessage(for: command, columns: 80)
  #expect(help.contains("Examples:\n  meros \(words.joined(separator: " "))"))
  #expect(help.contains("--data-dir") && help.contains("--json"))
}
