import Network

extension Obstacle: CustomStringConvertible {
  /// What keeps a packet back, in a few words.
  package var description: String {
    switch self {
    case .rule(let place): "\(place)"
    case .policy(let table, let chain): "the policy of chain \(chain) in table \(table)"
    case .isolatedPorts(let one, let other): "\(one) and \(other) are isolated ports"
    case .samePort(let tap): "with br_netfilter the bridge sends nothing back to \(tap), where it came from"
    case .unplugged(let tap): "\(tap) is down or no port of a bridge"
    case .forwardingIsOff(let family): "forwarding of \(family == .v4 ? "IPv4" : "IPv6") is off"
    case .loopbackStays: "nothing from the host's loopback address leaves by that link"
    case .nobody(let address): "nobody has \(address)"
    case .noRoute(let machine): "\(machine) has no route there"
    }
  }
}

extension Doubt: CustomStringConvertible {
  /// What is not known, in a few words.
  package var description: String {
    switch self {
    case .expression(let place, let expression): "\(place) asks for what cannot be known: \(expression)"
    case .element(let place, let set): "\(place) depends on an altered member of set \(set)"
    case .missing(let place, let name): "\(place) names \(name), which does not exist"
    case .depth(let place): "\(place) leads on too often"
    case .bridgeFilter: "it depends on whether br_netfilter is on"
    }
  }
}

extension RulePlace: CustomStringConvertible {
  package var description: String {
    let text = "rule \(rule) of chain \(chain) in table \(table)"
    return comment.map { "\(text) (\($0))" } ?? text
  }
}
