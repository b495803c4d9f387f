import Network

/// One packet at one hook.
struct HookRun {
  let program: FilterProgram
  let layer: FilterProgram.Layer
  let hook: Chain.Hook
  let from: HookLink
  let to: HookLink
  /// The host's address on the link that the packet leaves by, for `masquerade`; nil where it is not known.
  let ownAddress: IPAddress?
  let topology: Topology
  /// The destination that the packet set out to is the host, whichever address it is.
  let isForHost: Bool

  func isLocal(_ passage: Passage) -> Bool {
    isForHost && !passage.hasNewDestination || topology.isHost(passage.destination)
  }

  /// nil when the packet goes on.
  func run(_ passage: inout Passage) -> PacketVerdict? {
    for chain in program.chains(layer, at: hook, passage.family) {
      // Translation is settled with the first packet of a connection.
      if chain.base.type == .nat && passage.state != .new { continue }
      let table = chain.table
      var registers = Registers()
      switch ChainRun(hook: self, table: table).run(chain.name, &passage, &registers, depth: 0) {
      case .accepted: continue
      case .ended where chain.base.policy == .accept: continue
      case .ended: return .blocked(.policy(table.identity, chain: chain.name))
      case .dropped(let place): return .blocked(.rule(place))
      case .undecided(let doubt): return .undecided(doubt)
      }
    }
    return nil
  }
}

/// How a chain ends for a packet.
enum ChainEnd {
  case accepted
  /// No rule decided.
  case ended
  case dropped(RulePlace)
  case undecided(Doubt)
}

/// One packet in the chains of one table.
struct ChainRun {
  let hook: HookRun
  let table: FilterProgram.TableProgram

  /// NFT_JUMP_STACK_SIZE
  private static let deepest = 16

  func run(_ name: String, _ passage: inout Passage, _ registers: inout Registers, depth: Int) -> ChainEnd {
    var name = name
    var gotos = 0
    chains: while true {
      let rules = table.chains[name] ?? []
      for index in rules.indices {
        let answer = match(rules[index], &passage, &registers)
        func place() -> RulePlace {
          RulePlace(
            table: table.identity, chain: name, rule: rules[index].number, comment: rules[index].rule.comment)
        }
        switch answer {
        case .fails, .goesOn: continue
        case .drops: return .dropped(place())
        case .doubts(let cause): return .undecided(cause.doubt(at: place()))
        case .gives(let verdict):
          switch verdict {
          case .accept: return .accepted
          case .drop: return .dropped(place())
          case .proceed: continue
          case .giveBack: return .ended
          case .jump(let next):
            guard depth < Self.deepest else { return .undecided(.depth(place())) }
            guard table.chains[next] != nil else { return .undecided(.missing(place(), name: next)) }
            switch run(next, &passage, &registers, depth: depth + 1) {
            case .ended: continue
            case .accepted: return .accepted
            case .dropped(let place): return .dropped(place)
            case .undecided(let doubt): return .undecided(doubt)
            }
          case .goto(let next):
            gotos += 1
            guard gotos <= Self.deepest else { return .undecided(.depth(place())) }
            guard table.chains[next] != nil else { return .undecided(.missing(place(), name: next)) }
            name = next
            continue chains
          }
        }
      }
      return .ended
    }
  }

  /// What a rule, or one of its expressions, does with a packet.
  enum Answer {
    case goesOn
    /// The rule does not match.
    case fails
    case gives(Verdict)
    /// It says that it drops, without being a verdict.
    case drops
    case doubts(Cause)
  }

  enum Cause {
    case expression(Expression)
    case element(set: String)
    case missing(String)

    func doubt(at place: RulePlace) -> Doubt {
      switch self {
      case .expression(let expression): .expression(place, expression)
      case .element(let set): .element(place, set: set)
      case .missing(let name): .missing(place, name: name)
      }
    }
  }

  private func match(
    _ rule: FilterProgram.ProgramRule, _ passage: inout Passage, _ registers: inout Registers
  ) -> Answer {
    for index in rule.rule.expressions.indices {
      if index == rule.firstLimit {
        return rule.isLimitDecisive ? .doubts(.expression(rule.rule.expressions[index])) : .goesOn
      }
      switch run(rule.rule.expressions[index], asking: rule.sets[index], &passage, &registers) {
      case .goesOn: continue
      case .fails: return .fails
      case .gives(let verdict): return .gives(verdict)
      case .drops: return .drops
      case .doubts(let cause): return .doubts(cause)
      }
    }
    return .goesOn
  }
}
