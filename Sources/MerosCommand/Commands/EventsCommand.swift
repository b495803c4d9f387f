import ArgumentParser
import Host
import LinuxHost
import Reconcile
import Resources

struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Tell what becomes of a constellation, as the kernel and QEMU tell it, until it is interrupted.",
    discussion: """
      Its bridges, taps and their addresses, its packet filter and who changed it, its VMs. A line says drift where apply \
      would mend what it tells, by the manifest as it was in the beginning; what another meros is doing is none.

      Examples:
        meros events lab
        meros events lab --initial-state
        meros events lab --json | jq -c 'select(.drift)'
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Flag(name: .customLong("initial-state"), help: "Begin with what is there, and whether it is as it should be.")
  var tellsState = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.root, .networkAdministration], for: "events")
      let site = try invocation.site(creating: true)
      let (goals, warnings) = try await invocation.goals([constellation], site, site.host)
      invocation.warn(warnings)
      for goal in goals { try await tell(goal, invocation, site) }
      return .success
    }
  }

  private func tell(_ goal: Goal, _ invocation: Invocation, _ site: Site) async throws(CommandFailure) {
    let view = EventView(invocation.console.paint, isJSON: common.json)
    let tables = FilterPolicy.tables(of: goal.constellation)
    let judge = DriftJudge(
      host: site.host, scope: site.data.scope(goal.constellation), graph: goal.graph,
      lock: site.lock(timeout: .zero))
    do throws(HostError) {
      // What happens from here on is told, the state included or not.
      Signals.count(outlivesReader: false)
      let watch = try site.watch(
        goal.constellation, wanted: judge.links, tables: [tables.inet, tables.bridge])
      if tellsState { try await tellState(of: goal, invocation, site, view) }
      while Signals.interruptCount == 0 {
        for event in try watch.next(orUntil: Signals.descriptor) {
          let time = timestamp()
          invocation.console.print(view.text(event, try await judge.verdict(on: event), at: time))
          if event == .lost { try await tellState(of: goal, invocation, site, view) }
        }
      }
    } catch {
      throw .host(error)
    }
  }

  private func tellState(
    of goal: Goal, _ invocation: Invocation, _ site: Site, _ view: EventView
  ) async throws(HostError) {
    let observation = try await Observation(of: Kinds.all, site.data.scope(goal.constellation), on: site.host)
    let time = timestamp()
    for row in StatusView([Proposal(goal, observation, kinds: Kinds.all)]).rows {
      if DriftJudge.kinds.contains(row.address.kind) { invocation.console.print(view.state(row, at: time)) }
    }
  }
}
