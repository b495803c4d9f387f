import Host
import Network
import Reachability

/// Judges connections by a policy: which of those that stand would be refused if they began now.
struct RefusedConnections {
  private let policy: FilterPolicy
  private let evaluator: Evaluator
  private let taps: [IPAddress: FilterPolicy.Tap]
  private let bridges: [String: FilterPolicy.Bridge]
  private let local: Set<IPAddress>

  /// - Parameter local: the host's own addresses.
  init(_ policy: FilterPolicy, _ tables: [Table], local: Set<IPAddress>) {
    self.policy = policy
    self.local = local
    evaluator = Evaluator(CompiledNetwork(policy, tables))
    taps = Dictionary(policy.taps.flatMap { tap in tap.addresses.map { ($0, tap) } }) { first, _ in first }
    bridges = Dictionary(policy.bridges.map { ($0.name, $0) }) { first, _ in first }
  }

  /// Others' are never among them, nor what the host started, nor what is not known for sure.
  func among(_ connections: [TrackedConnection]) -> [TrackedConnection] { connections.filter(isRefused) }

  private func isRefused(_ connection: TrackedConnection) -> Bool {
    let sent = connection.original
    let target = connection.reply.source
    let sender = taps[sent.source]
    guard sender != nil || taps[target] != nil else { return false }
    if target != sent.destination, taps[target] != nil { return !isForwarded(connection) }
    guard !local.contains(sent.source) else { return false }
    return ways(of: sent, sender).allSatisfy { $0 }
  }

  /// Whether each way that the packet may take is closed; at least one.
  private func ways(of sent: TrackedConnection.Direction, _ sender: FilterPolicy.Tap?) -> [Bool] {
    var closed: [Bool] = []
    let senders = policy.taps.filter { tap in
      tap == sender || tap.allowedSources.contains { $0.contains(sent.source) }
    }
    for tap in senders {
      let hosts = bridges[tap.bridge]?.addresses.map(\.address).filter { $0.family == sent.source.family } ?? []
      // Which of the host's addresses is asked makes no difference, but only those of bridges are known as the host's.
      let destination = local.contains(sent.destination) ? hosts.first : sent.destination
      guard let destination else { return [false] }
      let packet = Packet(from: sent.source, to: destination, sent.payload)
      for next in Set(hosts + [destination]) {
        for hasFilter in [false, true] {
          closed.append(
            isClosed(evaluator.verdict(for: packet, by: tap.link, to: next, hasBridgeFilter: hasFilter)))
        }
      }
      closed.append(isClosed(evaluator.verdict(for: packet, from: .machine(tap.vm))))
    }
    if sender == nil {
      let packet = Packet(from: sent.source, to: sent.destination, sent.payload)
      closed.append(isClosed(evaluator.verdict(for: packet, from: .world)))
    }
    return closed
  }

  private func isClosed(_ verdict: PacketVerdict) -> Bool {
    switch verdict {
    case .passes, .undecided: false
    case .blocked: true
    }
  }

  /// It was led from a port of the host to where a forward still leads, for one who still may ask.
  private func isForwarded(_ connection: TrackedConnection) -> Bool {
    let (sent, answer) = (connection.original, connection.reply)
    if let tap = taps[sent.source], bridges[tap.bridge]?.policy.goesOutside == false { return false }
    return policy.forwards.contains { forward in
      forward.transport.number == sent.transport && forward.hostPort == sent.destinationPort
        && forward.port == answer.sourcePort && forward.targets.contains(answer.source)
        && (forward.address.map { $0 == sent.destination } ?? true)
    }
  }
}

extension TrackedConnection.Direction {
  fileprivate var payload: Packet.Payload {
    switch transport {
    case 6: .tcp(from: sourcePort, to: destinationPort)
    case 17: .udp(from: sourcePort, to: destinationPort)
    default: messageType.map { .icmp(type: $0) } ?? .other(transport)
    }
  }
}

extension CompiledNetwork {
  /// The network that a policy is for, with every VM's way out by the host.
  fileprivate init(_ policy: FilterPolicy, _ tables: [Table]) {
    let group = policy.scope.linkGroup
    let byName = Dictionary(policy.bridges.map { ($0.name, $0) }) { first, _ in first }
    self.init(
      tables: tables,
      bridges: policy.bridges.map { bridge in
        Bridge(
          link: bridge.link, name: bridge.name, group: bridge.isOurs ? group : 0, addresses: bridge.addresses,
          answersForPorts: !bridge.hasOpenPeers,
          answeredAddresses: bridge.hasOpenPeers
            ? [] : Set(policy.taps.filter { $0.bridge == bridge.name }.flatMap(\.addresses)))
      },
      taps: policy.taps.map { tap in
        Tap(
          link: tap.link, group: group, master: byName[tap.bridge]?.link,
          isIsolated: byName[tap.bridge]?.hasOpenPeers == false)
      }, machines: [])
    let bridges = bridgesByTap
    machines = Self.machines(
      policy.taps.map { tap in
        let bridge = bridges[tap.link]
        let interface = Interface(
          tap: tap.link, mac: tap.mac, addresses: tap.addresses.map { InterfaceAddress($0, on: bridge) },
          gateways: bridge?.addresses.map(\.address) ?? [])
        return (tap.vm, interface)
      })
  }
}
