import Network

extension ChainRun {
  /// What one expression does. Whatever it does not know for certain it doubts.
  ///
  /// - Parameter index: the set that it asks; nil where there is none of that name.
  func run(
    _ expression: Expression, asking index: SetIndex?, _ passage: inout Passage, _ registers: inout Registers
  ) -> Answer {
    switch expression {
    case .meta(let key, let register):
      switch meta(key, passage) {
      case .value(let bytes):
        registers.store(bytes, in: register)
        return .goesOn
      case .byte(let byte):
        registers.store(CollectionOfOne(byte), in: register)
        return .goesOn
      case .breaks: return .fails
      case .unknown: return .doubts(.expression(expression))
      case .foreign:
        registers.storeForeignName(in: register)
        return .goesOn
      }
    case .setMeta(let key, let register):
      guard key == .mark, registers.open(register, 4).isEmpty else { return .doubts(.expression(expression)) }
      passage.mark = number(registers.load(register, 4))
      return .goesOn
    case .conntrack(let key, let register):
      guard hook.layer == .packets else { return .doubts(.expression(expression)) }
      switch key {
      case .state: registers.store(passage.state.rawValue.nativeBytes, in: register)
      // IPS_SRC_NAT and IPS_DST_NAT
      case .status:
        let status: UInt32 = (passage.hasNewSource ? 0x10 : 0) | (passage.hasNewDestination ? 0x20 : 0)
        registers.store(status.nativeBytes, in: register)
      case .direction: registers.store([passage.state == .new ? 0 : 1], in: register)
      case .mark: return .doubts(.expression(expression))
      }
      return .goesOn
    case .payload(let base, let offset, let length, let register):
      if base == .link, hook.layer == .packets { return .doubts(.expression(expression)) }
      switch passage.read(base, at: Int(offset), Int(length)) {
      case .bytes(let bytes, let open):
        registers.store(bytes, in: register, open: open)
        return .goesOn
      case .missing: return .fails
      case .unknown: return .doubts(.expression(expression))
      }
    case .compare(let register, let comparison, let constant):
      // Whatever it is called, it is called as none of ours.
      if registers.holdsForeignName(register), !hook.topology.isOwnName(constant) {
        return .doubts(.expression(expression))
      }
      guard let matches = compare(registers, register, comparison, constant, &passage.bounds) else {
        return .doubts(.expression(expression))
      }
      return matches ? .goesOn : .fails
    case .mask(let from, let to, let mask, let xor):
      return apply(mask, xor, from, to, &registers) ? .goesOn : .doubts(.expression(expression))
    case .lookup(let register, let set, let isInverted):
      guard let index else { return .doubts(.missing(set)) }
      guard index.isKnown else { return .doubts(.expression(expression)) }
      switch find(registers, register, index, &passage.bounds) {
      case .unreadable: return .doubts(.expression(expression))
      case .member(let member) where member.isUnknown: return .doubts(.element(set: set))
      case .member: return isInverted ? .fails : .goesOn
      case .none: return isInverted ? .goesOn : .fails
      }
    case .map(let register, let set, let into):
      guard let index else { return .doubts(.missing(set)) }
      guard index.isKnown else { return .doubts(.expression(expression)) }
      switch find(registers, register, index, &passage.bounds) {
      case .unreadable: return .doubts(.expression(expression))
      case .none: return .fails
      case .member(let member):
        guard !member.isUnknown else { return .doubts(.element(set: set)) }
        switch (member.value, into) {
        case (.verdict(let verdict), nil): return .gives(verdict)
        case (.data(let bytes), let into?):
          registers.store(bytes, in: into)
          return .goesOn
        case (.verdict, .some), (.data, nil), (nil, _): return .doubts(.expression(expression))
        }
      }
    case .load(let bytes, let register):
      registers.store(bytes, in: register)
      return .goesOn
    case .verdict(let verdict): return .gives(verdict)
    // A limit that something depends on is doubted before.
    case .counter, .log, .limit: return .goesOn
    case .reject: return .drops
    case .masquerade:
      passage.setSource(hook.ownAddress?.bytes)
      return .gives(.accept)
    case .translate(let translation): return translate(translation, expression, &passage, registers)
    case .destinationType(let register):
      // RTN_LOCAL, RTN_UNICAST
      let type: UInt32 = hook.isLocal(passage) ? 2 : 1
      registers.store(type.nativeBytes, in: register)
      return .goesOn
    case .other: return .doubts(.expression(expression))
    }
  }

  private func translate(
    _ translation: Translation, _ expression: Expression, _ passage: inout Passage, _ registers: Registers
  ) -> Answer {
    guard translation.isIPv6 == (passage.family == .v6) else { return .fails }
    let length = translation.isIPv6 ? 16 : 4
    guard let address = translation.address, registers.open(address, length).isEmpty else {
      return .doubts(.expression(expression))
    }
    let port = translation.port
    if let port, !registers.open(port, 2).isEmpty { return .doubts(.expression(expression)) }
    if translation.isDestination {
      passage.setDestination(registers.load(address, length), port: port.map { registers.load($0, 2) })
    } else {
      passage.setSource(registers.load(address, length))
    }
    return .gives(.accept)
  }

  private func number(_ bytes: [UInt8]) -> UInt32 {
    UInt32(littleEndian: bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
  }
}
