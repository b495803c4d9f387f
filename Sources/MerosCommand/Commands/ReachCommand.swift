import ArgumentParser
import Host
import LinuxHost
import Reachability
import Reconcile
import Resources

struct ReachCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reach",
    abstract: "Show who may start what to whom. Needs no privileges.",
    discussion: """
      Judges the packet filter that the constellation becomes, with br_netfilter off and on, not the manifest.

      Examples:
        meros reach lab
        meros reach lab web
        meros reach lab web db
        meros reach lab world bridge:lan --json
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: "Who starts it: a virtual machine, a bridge, host or world.", completion: .machines)
  var from: String?
  @Argument(help: "Who is reached.", completion: .machines)
  var to: String?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      let site = try invocation.offlineSite()
      let (goals, warnings) = try await invocation.goals([constellation], site, site.host)
      invocation.warn(warnings)
      let graph = goals.first?.graph ?? .empty
      let network = CompiledNetwork(graph, former: ForwardingState(ipv4: false, ipv6: false))
      let reachability = Reachability(network)
      let matrix = ReachabilityMatrix(
        reachability, from: try .init(from, in: reachability), to: try .init(to, in: reachability))
      let view = ReachView(matrix)
      invocation.console.print(common.json ? view.json : view.text(invocation.console.paint))
      return .success
    }
  }
}
