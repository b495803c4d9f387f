import Host
import Network

/// The chains that see routed packets, and with br_netfilter also those that stay on a bridge.
///
/// Base chains let everything pass and send on only what goes to or comes from links of the constellation's group:
/// the rest of the host is not ours. What is sent on is let pass by a rule or dropped at the end of the chain.
struct InetChains {
  private let group: UInt32
  private let constellation: String
  private let former: ForwardingState

  init(group: UInt32, constellation: String, former: ForwardingState) {
    self.group = group
    self.constellation = constellation
    self.former = former
  }

  var all: [Chain] {
    [forward, throughUs, fromVM, unforwarded, input, hostIn, output, prerouting, natOutput, postrouting]
  }

  private var isFromUs: Statement { .group(.from, group) }
  private var isToUs: Statement { .group(.to, group) }
  private var isFromOthers: Statement { .group(.from, group, is: .notEqual) }
  private var isToOthers: Statement { .group(.to, group, is: .notEqual) }
  private static let forwards = IPAddress.Family.allCases.map(ForwardRules.init)
  private static let flows = IPAddress.Family.allCases.map(FlowRules.init)

  private var forward: Chain {
    var rules = [Rule(isFromUs, .goto("vm_forward")), Rule(isToUs, .goto("vm_forward"))]
    if !former.ipv4 { rules.append(Rule(.isIPv4, .goto("unforwarded"))) }
    if !former.ipv6 { rules.append(Rule(.isIPv6, .goto("unforwarded"))) }
    return Chain("forward", base: Chain.Base(.filter, .forward, priority: 0), rules: rules)
  }

  private var throughUs: Chain {
    var rules = [
      Rule(.isEstablished, .accept),
      Rule(.isInvalid, .counter, .drop, comment: "invalid"),
    ]
    for flows in Self.flows { rules += flows.strays(isFromOthers: isFromOthers, isToOthers: isToOthers) }
    rules += [
      Rule(.fields(.link(.from), .link(.to), in: InetSetName.pairs), .accept),
      // A hop limit of 255 cannot have been routed: only br_netfilter brings such packets here.
      Rule(
        isFromUs, isToUs, .isIPv6, .header(.network, at: 7, [255]), .isICMP6,
        .icmpType(in: InetSetName.neighborTypes), .accept),
    ]
    for flows in Self.flows { rules += flows.pairs }
    for forwards in Self.forwards { rules += forwards.accepted(isFromOthers: isFromOthers) }
    rules += [
      Rule(isFromUs, .goto("from_vm")),
      Rule(.link(.to, in: InetSetName.inbound), .accept),
    ]
    for flows in Self.flows { rules += flows.fromWorld }
    return Chain("vm_forward", rules: rules + [Rule(.counter, .drop, comment: "to vm")])
  }

  private var fromVM: Chain {
    var rules = [
      Rule(isToOthers, .link(.from, in: InetSetName.egress), .accept),
      Rule(.isIPv4, .fields(.link(.from), .ipv4Destination, in: InetSetName.allowed4), .accept),
      Rule(.isIPv4, .fields(.link(.from), .ipv4Destination, in: InetSetName.allowed4Ranges), .accept),
      Rule(.isIPv6, .fields(.link(.from), .ipv6Destination, in: InetSetName.allowed6), .accept),
      Rule(.isIPv6, .fields(.link(.from), .ipv6Destination, in: InetSetName.allowed6Ranges), .accept),
    ]
    for flows in Self.flows { rules += flows.toWorld(isToOthers: isToOthers) }
    rules += [
      Rule(
        Statement(.limit(RateLimit(rate: 10, burst: 20))),
        Statement(.log(prefix: "meros \(constellation) deny ", level: 6))),
      // Linux gives up at once on a reset, not on what icmpx says for TCP over IPv6.
      Rule(.isTCP, .counter, Statement(.reject(.tcpReset)), comment: "from vm"),
      Rule(.counter, Statement(.reject(.icmpx(3))), comment: "from vm"),
    ]
    return Chain("from_vm", rules: rules)
  }

  /// Forwarding is one switch for the whole namespace. Where it was off, what is none of any constellation's stays so.
  private var unforwarded: Chain {
    Chain(
      "unforwarded",
      rules: [
        Rule(.anyConstellation(.from), .accept),
        Rule(.anyConstellation(.to), .accept),
        // br_netfilter sends through here what only crosses a bridge and needs no forwarding.
        Rule(.kind(.from, "bridge"), .kind(.to, "bridge"), .accept),
        Rule(.counter, .drop, comment: "not forwarded before"),
      ])
  }

  private var input: Chain {
    Chain(
      "input", base: Chain.Base(.filter, .input, priority: 0),
      rules: [Rule(isFromUs, .goto("host_in"))])
  }

  private var hostIn: Chain {
    var rules = [
      Rule(.isEstablished, .accept),
      Rule(.isInvalid, .counter, .drop, comment: "invalid"),
      // With route_localnet, services that listen on loopback alone would be in reach.
      Rule(.isIPv4, .header(.network, at: 16, [127]), .counter, .drop, comment: "loopback"),
      Rule(.link(.from, in: InetSetName.host), .accept),
      Rule(.isIPv6, .isICMP6, .icmpType(in: InetSetName.neighborTypes), .accept),
      Rule(.fields(.link(.from), .transport, .destinationPort, in: InetSetName.hostPorts), .accept),
      Rule(.fields(.link(.from), .transport, .destinationPort, in: InetSetName.hostPortRanges), .accept),
      Rule(.link(.from, in: InetSetName.ping), .isIPv4, .isICMP, .icmpType(8), .accept),
      Rule(.link(.from, in: InetSetName.ping), .isIPv6, .isICMP6, .icmpType(128), .accept),
    ]
    for flows in Self.flows { rules += flows.toHost }
    return Chain("host_in", rules: rules + [Rule(.counter, .drop, comment: "host")])
  }

  /// No VM is told a shorter way to another one: past the host there is none between isolated ports.
  private var output: Chain {
    Chain(
      "output", base: Chain.Base(.filter, .output, priority: 0),
      rules: [
        Rule(isToUs, .isIPv4, .isICMP, .icmpType(5), .counter, .drop, comment: "redirect"),
        Rule(isToUs, .isIPv6, .isICMP6, .icmpType(137), .counter, .drop, comment: "redirect"),
      ])
  }

  private var prerouting: Chain {
    Chain(
      "prerouting", base: Chain.Base(.nat, .prerouting, priority: -100), rules: Self.forwards.flatMap(\.incoming))
  }

  private var natOutput: Chain {
    Chain("nat_output", base: Chain.Base(.nat, .output, priority: -100), rules: Self.forwards.flatMap(\.own))
  }

  /// Not towards other constellations: they know VMs by their own addresses.
  private var postrouting: Chain {
    Chain(
      "postrouting", base: Chain.Base(.nat, .postrouting, priority: 100),
      rules: [
        Rule(
          .link(.from, in: InetSetName.translated),
          .anyConstellation(.to, is: .notEqual), Statement(.masquerade(flags: 0))),
        // Who asked has to get the answer from the host, not from its neighbour.
        Rule(
          .fields(.link(.from), .link(.to), in: ForwardSetName.sameBridge), .isForwarded,
          Statement(.masquerade(flags: 0)), comment: "hairpin"),
        Rule(
          isToUs, .isIPv4, .header(.network, at: 12, [127]), Statement(.masquerade(flags: 0)), comment: "loopback"),
      ])
  }
}
