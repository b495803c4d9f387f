import ArgumentParser
import Reconcile
import Resources

/// What a person asks of a plan besides the manifest.
struct ChangeOptions: ParsableArguments {
  @Option(
    name: .customLong("target"), parsing: .singleValue,
    help: ArgumentHelp(
      "Only this (KIND.NAME, vm.web) and what it stands on; where it goes, what stands on it. Repeatable.",
      valueName: "address"),
    completion: .addresses)
  var targets: [ResourceAddress] = []

  @Option(
    name: .customLong("delete-disk"), parsing: .singleValue,
    help: ArgumentHelp(
      "Delete this data disk, disk.VM/LABEL, which no manifest names any more. Repeatable.", valueName: "address"))
  var deletions: [ResourceAddress] = []
}

/// What is to be made anew.
struct ReplaceOptions: ParsableArguments {
  @Option(
    name: .customLong("replace"), parsing: .singleValue,
    help: ArgumentHelp(
      "Destroy this, KIND.NAME like vm.web, and create it anew although nothing differs. Repeatable.",
      valueName: "address"),
    completion: .addresses)
  var replacements: [ResourceAddress] = []
}

/// Whether names are looked up anew.
struct UpdateOptions: ParsableArguments {
  @Flag(
    name: .customLong("update"),
    help: """
      Look up anew what constellation.lock holds: commits of branches, packages, releases of Alpine, disk images. \
      Without it what it holds stays.
      """)
  var isUpdate = false

  /// - Parameter targets: what alone is wanted; empty: all is. Networks and keys depend on nothing that is looked up.
  func lookup(for targets: Set<ResourceAddress>) -> Lookup {
    if isUpdate { return .all }
    let networks = [Bridge.kind, Tap.kind, Firewall.kind, ForwardingSwitch.kind, Nameserver.kind, Key.kind]
    return !targets.isEmpty && targets.allSatisfy { networks.contains($0.kind) } ? .none : .missing
  }
}

extension PlanOptions {
  init(_ options: ChangeOptions, _ replace: ReplaceOptions? = nil) {
    self.init(
      targets: Set(options.targets), replacements: Set(replace?.replacements ?? []),
      deletions: Set(options.deletions))
  }
}

extension ResourceAddress: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}
