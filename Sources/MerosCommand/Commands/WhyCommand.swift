import ArgumentParser
import Diagnostics
import Host
import LinuxHost
import Manifest
import Reconcile
import Resources

struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Tell why a resource is as it is, and why apply would change it.",
    discussion: """
      Where the manifest asks for it, what it should be and is, since when, what it stands on and what stands on it, and \
      which input makes it differ. status lists the addresses.

      Examples:
        meros why lab vm.web
        meros why lab disk.web/data
        meros why lab firewall.lab --json
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: "The resource, KIND.NAME.", completion: .addresses)
  var address: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.networkAdministration], for: "why")
      let site = try invocation.site(creating: false)
      let (goals, warnings) = try await invocation.goals([constellation], site, site.host, observing: true)
      invocation.warn(warnings)
      let proposals = try await invocation.proposals(for: goals, site, site.host) { _ in PlanOptions() }
      guard let proposal = proposals.first else { return .success }
      let address = try Self.address(address, in: proposal)
      let vitals = await site.host.machines.vitals(of: Since.processes(in: proposal.observation))
      let since = Since(of: proposal.observation.resources[address]?.value, vitals, now: currentSecond())
      guard let account = Account(of: address, in: proposal, since: since, data: site.data) else { return .success }
      invocation.console.print(
        common.json
          ? AccountJSON(account).text
          : AccountView(account, of: proposal, now: currentSecond()).text(invocation.console.paint))
      return .success
    }
  }

  /// What a person wrote as an address that there is; else throws what is near.
  static func address(_ text: String, in proposal: Proposal) throws(CommandFailure) -> ResourceAddress {
    let known = Set(proposal.goal.graph.resources.keys).union(proposal.observation.resources.keys).sorted()
    if let found = known.first(where: { "\($0)" == text }) { return found }
    let named = known.filter { $0.name == text }.map(\.description)
    let nearest = named.isEmpty ? Nearest.name(to: text, among: known.map(\.description)).map { [$0] } ?? [] : named
    throw .diagnostics(
      Diagnostics(
        Diagnostic(
          .error, "\(text) is neither in the constellation nor on the host",
          remedy: nearest.isEmpty
            ? "look for the address in meros status; it is KIND.NAME, like vm.web"
            : "did you mean \(enumerated(nearest, joint: "or"))?")))
  }
}
