import Host
import Network
package import Reachability
package import Reconcile

extension CompiledNetwork {
  /// What the host has of it: tables and links as they were found, whatever should be there.
  ///
  /// - Parameter desired: where what is plugged into taps is looked up that the tables say nothing of.
  package init(_ observation: Observation, desired: CompiledNetwork) {
    var links: [Link] = []
    var bridges: [(name: String, link: Link)] = []
    var tables: [Table] = []
    var state: ForwardingState?
    for (address, observed) in observation.resources {
      switch observed.value {
      case let tap as ObservedTap: links.append(tap.link)
      case let bridge as ObservedBridge: if let link = bridge.link { bridges.append((address.name, link)) }
      case let firewall as Firewall.Observed: tables += firewall.tables
      case let forwarding as ObservedForwarding: state = forwarding.state
      default: continue
      }
    }
    links.sort { $0.name < $1.name }
    self.init(
      tables: tables,
      bridges: Self.bridges(bridges.sorted { $0.name < $1.name }, links, desired),
      taps: links.map { link in
        Tap(
          link: link.name, group: link.group, master: link.master, isIsolated: link.isIsolated, isUp: link.isUp)
      },
      machines: [],
      // Without tables of ours nobody looked at the switches: what may be is taken for what is.
      forwarding: state.map { Forwarding(ipv4: $0.ipv4, ipv6: $0.ipv6) } ?? Forwarding())
    machines = machines(behind: links, desired)
  }

  private static func bridges(
    _ own: [(name: String, link: Link)], _ taps: [Link], _ desired: CompiledNetwork
  ) -> [Bridge] {
    var bridges = own.map { name, link in
      Bridge(
        link: link.name, name: name, group: link.group, addresses: link.isUp ? link.addresses : [],
        answersForPorts: link.routing.answersForOthers != .off,
        answeredAddresses: Set(link.routing.answeredAddresses), routesLoopback: link.routing.routesLoopback)
    }
    // Somebody else's, of which only the manifest tells the addresses.
    for master in Set(taps.compactMap(\.master)).subtracting(bridges.map(\.link)).sorted() {
      let known = desired.bridges.first { $0.link == master }
      bridges.append(
        Bridge(link: master, name: known?.name ?? master.text, group: 0, addresses: known?.addresses ?? []))
    }
    return bridges
  }

  /// Who they were made for, as the members of sets tell; else who they should be for.
  private func machines(behind links: [Link], _ desired: CompiledNetwork) -> [Machine] {
    var senders: [LinkName: [Sender]] = [:]
    for sender in tables.flatMap(\.senders) { senders[sender.tap, default: []].append(sender) }
    let owners = Dictionary(senders.values.flatMap(\.self).map { ($0.address, $0.tap) }) { first, _ in first }
    var wanted: [LinkName: (vm: String, interface: Interface)] = [:]
    for machine in desired.machines {
      for interface in machine.interfaces { wanted[interface.tap] = (machine.name, interface) }
    }
    let bridges = bridgesByTap
    let found = links.compactMap { link -> (String, Interface)? in
      let (own, other) = (senders[link.name] ?? [], wanted[link.name])
      guard let mac = own.first?.mac ?? other?.interface.mac else { return nil }
      let bridge = bridges[link.name]
      var addresses = own.map { InterfaceAddress($0.address, on: bridge) }
      // What it should have, it may have already; but not what another one still has.
      for address in other?.interface.addresses ?? [] where owners[address.address] == nil { addresses.append(address) }
      let name = own.lazy.compactMap(\.vm).first ?? other?.vm ?? link.name.text
      return (
        name,
        Interface(
          tap: link.name, mac: mac, addresses: addresses.sorted(),
          gateways: other?.interface.gateways ?? bridge?.addresses.map(\.address) ?? [])
      )
    }
    return Self.machines(found)
  }
}

/// What a member says of a tap.
private struct Sender {
  var tap: LinkName
  var mac: MACAddress
  var address: IPAddress
  /// As the member's comment has it.
  var vm: String?
}

extension Table {
  /// From the sets that tell which tap may send from which address.
  fileprivate var senders: [Sender] {
    var found: Set<SetElement> = []
    for set in sets.values where set.key.starts(with: [.link, .mac]) && set.key.count == 3 && !set.isInterval {
      found.formUnion(set.elements)
    }
    return found.sorted().compactMap { element in
      guard element.key.count > 24, let mac = MACAddress(bytes: element.key[16..<22]),
        let address = IPAddress(bytes: element.key[24...]),
        let tap = LinkName(String(decoding: element.key.prefix(16).prefix { $0 != 0 }, as: UTF8.self))
      else { return nil }
      return Sender(tap: tap, mac: mac, address: address, vm: FilterPolicy.Tap.machine(of: element))
    }
  }
}
