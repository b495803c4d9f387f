import ArgumentParser
import Diagnostics
import Host
import LinuxHost
import Reconcile
import Resources
import SystemPackage

struct GraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draw a constellation: its resources, or its network. Needs no privileges without --plan.",
    discussion: """
      Without --network: every resource and what it stands on. With it: VMs, bridges, the host and the world, and who may \
      start what to whom, by the rules as the kernel gets them. --plan shows by symbol and colour what apply would do.

      html is one page that asks nobody for anything: it zooms, searches, and tells what is around a thing when that is \
      pointed at. svg is laid out by graphviz. dot and mermaid are text for other programs.

      Examples:
        meros graph lab --format html --out lab.html
        meros graph lab --network --format svg --out lab.svg
        meros graph lab --network --format mermaid
        meros graph lab --plan | dot -Tpng -o plan.png
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case dot, mermaid, svg, html
  }

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @OptionGroup var common: CommonOptions

  @Option(help: "How it is written.")
  var format = Format.dot
  @Flag(name: .customLong("network"), help: "Draw who is plugged into what, and who may start what to whom.")
  var isNetwork = false
  @Flag(name: .customLong("plan"), help: "Show what apply would do to each.")
  var showsPlan = false
  @Flag(
    name: .customLong("unfold"),
    help: "Draw each VM, also where more than eight are alike but for their names. html always has each.")
  var isUnfolded = false
  @Option(help: ArgumentHelp("Write it to this file instead of stdout.", valueName: "file"), completion: .file())
  var out: String?

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      if showsPlan { try invocation.require([.networkAdministration], for: "graph --plan") }
      let planner = Planner(
        invocation, isOffline: !showsPlan, isDestruction: false, lookingUp: showsPlan ? .missing : .none)
      let (proposals, warnings) = try await planner.proposals([constellation], PlanOptions())
      invocation.warn(warnings)
      guard let proposal = proposals.first else { return .success }
      let diagram = Diagram(proposal, isNetwork: isNetwork, showsPlan: showsPlan)
      let text = try await text(of: diagram)
      if let out {
        // A picture is made to be shown; the mask of the process takes away what it will.
        try invocation.write(text, to: out, permissions: [.ownerReadWrite, .groupRead, .otherRead])
      } else {
        invocation.console.print(text)
      }
      return .success
    }
  }

  private func text(of diagram: Diagram) async throws(CommandFailure) -> String {
    if common.json { return DiagramJSON(diagram).text }
    let drawn = isUnfolded ? diagram : diagram.folded()
    switch format {
    case .dot: return DotView(drawn).text
    case .mermaid: return MermaidView(drawn).text
    case .html: return DiagramPage(diagram).text
    case .svg:
      do throws(HostError) {
        return try await Graphviz.svg(of: DotView(drawn).text)
      } catch {
        guard case .missingProgram = error.cause else { throw .host(error) }
        throw .diagnostics(
          Diagnostics(
            Diagnostic(
              .error, "svg is laid out by graphviz, which is not installed",
              remedy: "./dist-conf.sh installs it; --format html needs no other program")))
      }
    }
  }
}

extension Diagram {
  init(_ proposal: Proposal, isNetwork: Bool, showsPlan: Bool) {
    let (graph, name) = (proposal.goal.graph, proposal.goal.constellation)
    let plan = showsPlan ? proposal.plan : nil
    if isNetwork {
      self.init(networkOf: graph, of: name, plan: plan, difference: showsPlan ? proposal.reachability : nil)
    } else {
      self.init(resourcesOf: graph, of: name, plan: plan, observation: showsPlan ? proposal.observation : nil)
    }
  }
}
