package import Network

/// What passes between two parties, as seen from the two questions that one may ask.
package struct Reach: Hashable, Sendable {
  /// What passes by some way, between any of their addresses, or may pass: nothing else does.
  package private(set) var possible = Access.none
  /// Where some packet that takes a route of the parties does not arrive, or may not.
  private var refused = Access.none
  /// What arrives by way of a port of the host, whoever asks and from wherever.
  private var forwarded = Access.none
  /// The families of which both have addresses.
  package private(set) var families: Set<IPAddress.Family> = []
  /// Why something is possible and not certain; nil where nothing was in doubt.
  package private(set) var doubt: Doubt?
  /// What keeps something back that would take the parties' own routes; nil where nothing does.
  package private(set) var obstacle: Obstacle?

  package init() {}

  /// What passes between all of their configured addresses, by the routes that they have, from every port that clients
  /// send from.
  package var certain: Access {
    var certain = Access(Array(families)).subtracting(refused)
    certain.formUnion(forwarded)
    return certain
  }

  mutating func formUnion(_ other: Reach) {
    possible.formUnion(other.possible)
    refused.formUnion(other.refused)
    forwarded.formUnion(other.forwarded)
    families.formUnion(other.families)
    doubt = doubt ?? other.doubt
    obstacle = obstacle ?? other.obstacle
  }

  /// - Parameter isOwn: it was asked by a route that the parties have.
  mutating func add(_ answer: Survey.Answer, for party: Party, isOwn: Bool) {
    var isRefused = true
    switch answer.verdict {
    case .passes(let arrival):
      if arrival.party == party {
        possible[answer.family, answer.traffic].insert(answer.arrivingPorts)
        isRefused = false
      }
    case .undecided(let doubt):
      possible[answer.family, answer.traffic].insert(answer.ports)
      self.doubt = self.doubt ?? doubt
    case .blocked(let obstacle):
      if isOwn, answer.isOfClients { self.obstacle = self.obstacle ?? obstacle }
    }
    guard isOwn else { return }
    families.insert(answer.family)
    if isRefused, answer.isOfClients { refused[answer.family, answer.traffic].insert(answer.ports) }
  }

  /// Both have addresses of the family and nothing goes by a route of theirs.
  mutating func refuse(_ family: IPAddress.Family, because obstacle: Obstacle) {
    families.insert(family)
    refused.formUnion(Access([family]))
    self.obstacle = self.obstacle ?? obstacle
  }

  /// What came to the host and was led on.
  mutating func add(_ forwarded: Surveyor.Forwarded) {
    possible.formUnion(forwarded.possible)
    self.forwarded.formUnion(forwarded.certain)
  }
}
