package import Diagnostics
package import Host
package import Reconcile
import Synchronization

/// Tells a person: the plan and the result as results, progress beside them.
package final class TextNarrator: Narrator {
  private let console: Console
  /// The time since some moment.
  private let now: @Sendable () -> Duration
  private let state = Mutex(State())

  private struct State: Sendable {
    var log: ApplyLog?
    var began: Duration = .zero
    /// The lines that stand on the terminal and are drawn over by the next ones.
    var drawn: [String] = []
  }

  package init(_ console: Console, now: @escaping @Sendable () -> Duration) {
    self.console = console
    self.now = now
  }

  package convenience init(_ console: Console) {
    let start = ContinuousClock.now
    self.init(console) { ContinuousClock.now - start }
  }

  package func warn(_ diagnostics: Diagnostics) {
    if !diagnostics.isEmpty { console.tell("\(DiagnosticsView(diagnostics).text(paint))\n") }
  }

  package func propose(_ proposals: [Proposal]) { console.print(PlanView(proposals).text(console.paint)) }

  package func refuse(_ refusals: [Gate.Refusal]) { console.tell(RefusalView(refusals).text(paint)) }

  package func ask(_ proposals: [Proposal], destroying: Bool) -> Bool? {
    let view = QuestionView(proposals, destroying: destroying)
    guard console.isInteractive else {
      console.tell(view.nobody(paint))
      return nil
    }
    console.tell(view.text(paint))
    return console.readLine() == "yes"
  }

  package func declined(destroying: Bool) { console.tell(conclusion.declined(destroying: destroying)) }

  package func begin(_ proposal: Proposal) {
    state.withLock { state in
      state.log = ApplyLog(proposal.plan)
      state.began = now()
    }
    console.tell("\n")
  }

  package func tell(_ event: ApplyEvent) {
    state.withLock { state in
      let lines = state.log?.take(event, at: now() - state.began, paint) ?? []
      // Progress is drawn by the next tick: it may come very often.
      if !lines.isEmpty { draw(&state, above: lines) }
    }
  }

  package func tick() {
    state.withLock { state in
      let elapsed = now() - state.began
      let lines = console.isTerminal ? [] : state.log?.reminders(at: elapsed) ?? []
      if console.isTerminal || !lines.isEmpty { draw(&state, above: lines) }
    }
  }

  package func end(_ proposal: Proposal, _ report: Report) {
    state.withLock { state in
      state.log = nil
      draw(&state, above: [])
    }
    let text = conclusion.report(report, of: proposal)
    if !text.isEmpty { console.tell(text) }
  }

  package func interrupted(_ stage: Interrupts.Stage) {
    state.withLock { draw(&$0, above: [String(conclusion.interrupted(stage).dropLast())]) }
  }

  package func moved(_ proposal: Proposal) { console.tell(conclusion.moved(proposal)) }

  package func failed(_ error: HostError) { console.tell(HostErrorView(error).text(paint)) }

  package func remains(_ proposal: Proposal) { console.tell("\n\(conclusion.remains(proposal))") }

  package func complete(_ tally: Tally, destroying: Bool) {
    console.print(ConclusionView(console.paint).complete(tally, destroying: destroying))
  }

  package func notBegun(_ constellations: [String]) { console.tell(conclusion.notBegun(constellations)) }

  private var paint: Paint { console.diagnosticsPaint }
  private var conclusion: ConclusionView { ConclusionView(paint) }

  /// Writes lines that stay, and below them on a terminal what is under way, over what was drawn before.
  private func draw(_ state: inout State, above lines: [String]) {
    let live = console.isTerminal ? state.log?.liveLines(at: now() - state.began, columns: console.columns()) ?? [] : []
    if lines.isEmpty && live == state.drawn { return }
    // Up to the first drawn line (CUU), then clear to the end of the screen (ED).
    let clear = state.drawn.isEmpty ? "" : "\u{1b}[\(state.drawn.count)A\u{1b}[J"
    state.drawn = live
    console.tell(clear + (lines + live).map { "\($0)\n" }.joined())
  }
}
