import Network

extension ChainRun {
  /// What `meta` loads.
  enum Loaded {
    case value([UInt8])
    case byte(UInt8)
    /// The rule does not match.
    case breaks
    case unknown
    /// The name of a link that is none of ours.
    case foreign
  }

  func meta(_ key: MetaKey, _ passage: Passage) -> Loaded {
    switch key {
    case .protocolNumber: return .value(passage.etherType)
    case .mark: return .value(passage.mark.nativeBytes)
    // NFPROTO_IPV4, NFPROTO_IPV6, NFPROTO_BRIDGE
    case .familyNumber: return .byte(hook.layer == .frames ? 7 : passage.family == .v4 ? 2 : 10)
    case .transport: return .byte(passage.transport)
    case .iifName: return name(of: hook.from)
    case .oifName: return name(of: hook.to)
    case .iifGroup: return group(of: hook.from)
    case .oifGroup: return group(of: hook.to)
    case .iifKind: return kind(of: hook.from)
    case .oifKind: return kind(of: hook.to)
    case .length, .priority, .iif, .oif, .packetType: return .unknown
    }
  }

  private static let loopback = HookLink.padded("lo")
  private static let noName = HookLink.padded("")

  private func name(of link: HookLink) -> Loaded {
    switch link {
    case .own(let link): .value(link.name)
    case .outside: .foreign
    case .loopback: .value(Self.loopback)
    case .none: .value(Self.noName)
    }
  }

  private func group(of link: HookLink) -> Loaded {
    switch link {
    case .own(let link): .value(link.group)
    case .outside, .loopback: .value([0, 0, 0, 0])
    case .none: .breaks
    }
  }

  private func kind(of link: HookLink) -> Loaded {
    switch link {
    case .own(let link): .value(link.kind)
    case .outside: .unknown
    case .loopback, .none: .breaks
    }
  }
}
