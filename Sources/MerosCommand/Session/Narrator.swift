package import Diagnostics
package import Host
package import Reconcile

/// Tells what an apply does, to a person or to a program.
package protocol Narrator: Sendable {
  /// What is worth a word about what was written.
  func warn(_ diagnostics: Diagnostics)
  /// What would be done.
  func propose(_ proposals: [Proposal])
  /// Changes that are not allowed.
  func refuse(_ refusals: [Gate.Refusal])
  /// Asks; nil where nobody can be asked.
  func ask(_ proposals: [Proposal], destroying: Bool) -> Bool?
  /// The person said no.
  func declined(destroying: Bool)
  func begin(_ proposal: Proposal)
  func tell(_ event: ApplyEvent)
  /// From time to time, so that it can be told how long something takes.
  func tick()
  /// The steps of one constellation have ended.
  func end(_ proposal: Proposal, _ report: Report)
  func interrupted(_ stage: Interrupts.Stage)
  /// The host moved since the plan was shown: what would be done now.
  func moved(_ proposal: Proposal)
  func failed(_ error: HostError)
  /// What a fresh look says is still to be done; nothing where a step failed all the same.
  func remains(_ proposal: Proposal)
  /// All is as it should be.
  func complete(_ tally: Tally, destroying: Bool)
  /// Constellations whose turn did not come.
  func notBegun(_ constellations: [String])
}
