import Network

/// Whether somebody's base chain drops all of what begins on a way. What the rules ask for besides the links, the family and
/// the state is not known; what only some of the packets would meet does not count, neither for nor against.
struct ChainGlance {
  let chain: HookedChain
  let way: AdmittedWay
  /// The links of ours, by name.
  let links: Set<LinkName>

  var drops: Bool {
    switch outcome(of: chain.name, depth: 0) {
    case .accepted: false
    case .dropped: true
    case .goesOn: chain.base.policy == .drop
    }
  }

  private enum Outcome { case accepted, dropped, goesOn }
  private enum Match { case yes, no, perhaps }

  /// NFT_JUMP_STACK_SIZE
  private static let deepest = 16

  private func outcome(of name: String, depth: Int) -> Outcome {
    guard depth <= Self.deepest else { return .goesOn }
    for rule in chain.rules[name] ?? [] {
      let (match, verdict) = read(rule)
      guard match == .yes, let verdict else { continue }
      switch verdict {
      case .accept: return .accepted
      case .drop: return .dropped
      case .giveBack: return .goesOn
      case .proceed: continue
      case .goto(let next): return outcome(of: next, depth: depth + 1)
      case .jump(let next):
        let outcome = outcome(of: next, depth: depth + 1)
        if outcome != .goesOn { return outcome }
      }
    }
    return .goesOn
  }

  /// What a register holds, as far as that is known.
  private enum Value {
    case bytes([UInt8])
    /// The name of a link that is none of ours.
    case foreignName
    case unknown
  }

  private func read(_ rule: Rule) -> (Match, Verdict?) {
    var match = Match.yes
    var registers: [Register: Value] = [:]
    func take(_ found: Match) {
      if found == .no || match == .yes { match = found }
    }
    for expression in rule.expressions {
      if match == .no { return (.no, nil) }
      switch expression {
      case .meta(let key, let register): registers[register] = value(of: key)
      // NF_CT_STATE_NEW
      case .conntrack(.state, let register): registers[register] = .bytes(UInt32(8).nativeBytes)
      case .conntrack(_, let register), .payload(_, _, _, let register), .destinationType(let register):
        registers[register] = .unknown
      case .mask(let from, let to, let mask, let xor):
        guard case .bytes(let bytes) = registers[from], bytes.count == mask.count else {
          registers[to] = .unknown
          continue
        }
        registers[to] = .bytes(zip(bytes, zip(mask, xor)).map { $0 & $1.0 ^ $1.1 })
      case .load(let bytes, let register): registers[register] = .bytes(bytes)
      case .compare(let register, let comparison, let constant):
        take(compare(registers[register] ?? .unknown, comparison, constant))
      case .verdict(let verdict): return (match, verdict)
      case .reject: return (match, .drop)
      case .counter, .log, .setMeta: continue
      case .lookup, .map, .limit, .other, .masquerade, .translate: take(.perhaps)
      }
    }
    return (match, nil)
  }

  private func value(of key: MetaKey) -> Value {
    switch key {
    case .iifName: name(of: way.from, isThere: way.hook != .output)
    case .oifName: name(of: way.to, isThere: way.hook != .input)
    // NFPROTO_IPV4, NFPROTO_IPV6
    case .familyNumber: .bytes([way.family == .v4 ? 2 : 10])
    case .protocolNumber: .bytes(way.family == .v4 ? [8, 0] : [0x86, 0xdd])
    case .length, .priority, .mark, .iif, .oif, .transport, .packetType, .iifGroup, .oifGroup, .iifKind, .oifKind:
      .unknown
    }
  }

  private func name(of link: LinkName?, isThere: Bool) -> Value {
    guard isThere else { return .bytes([UInt8](repeating: 0, count: 16)) }
    return link.map { .bytes(Field.link($0).bytes) } ?? .foreignName
  }

  private func compare(_ value: Value, _ comparison: Comparison, _ constant: [UInt8]) -> Match {
    let isEqual: Match
    switch value {
    case .unknown: return .perhaps
    case .foreignName:
      let isOurs = links.contains { Field.link($0).bytes.starts(with: constant) }
      // A packet of the loopback link is none of a constellation's.
      let isLoopback = constant.starts(with: Array("lo".utf8) + [0])
      isEqual = isOurs || isLoopback ? .no : .perhaps
    case .bytes(let bytes): isEqual = bytes.starts(with: constant) ? .yes : .no
    }
    switch (comparison, isEqual) {
    case (.equal, let match): return match
    case (.notEqual, .yes): return .no
    case (.notEqual, .no): return .yes
    case (.notEqual, .perhaps), (.less, _), (.lessOrEqual, _), (.greater, _), (.greaterOrEqual, _): return .perhaps
    }
  }
}
