import Network

extension Reach {
  init(_ answer: Survey.Answer, for party: Party, isOwn: Bool) {
    self.init()
    add(answer, for: party, isOwn: isOwn)
    if isOwn {
      families = [answer.family]
      if answer.verdict.passes { certain = possible }
    }
  }

  mutating func add(_ answer: Survey.Answer, for party: Party, isOwn: Bool) {
    switch answer.verdict {
    case .passes(let arrival):
      if arrival.party == party { possible[answer.family, answer.traffic].insert(answer.arrivingPorts) }
    case .undecided(let doubt):
      possible[answer.family, answer.traffic].insert(answer.ports)
      self.doubt = self.doubt ?? doubt
    case .blocked(let obstacle):
      if isOwn { self.obstacle = self.obstacle ?? obstacle }
    }
  }

  /// What is possible by another way is possible; what is certain is the caller's affair.
  mutating func merge(_ other: Reach) {
    possible.formUnion(other.possible)
    doubt = doubt ?? other.doubt
    obstacle = obstacle ?? other.obstacle
  }
}

extension Access {
  /// Nothing of what was found in doubt.
  func certainly(_ found: Reach) -> Access { found.doubt == nil ? self : .none }

  mutating func replace(_ family: IPAddress.Family, with other: Access) {
    for traffic in Traffic.allCases { self[family, traffic] = other[family, traffic] }
  }
}
