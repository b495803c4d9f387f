import Network
import QMP
import Resources

/// What of somebody else's firewall keeps back what a constellation admits, and what its owner can do about it.
struct HindranceView {
  private let hindrance: ForeignHindrance

  init(_ hindrance: ForeignHindrance) { self.hindrance = hindrance }

  var summary: String {
    let ways = hindrance.ends.map(\.description).joined(separator: ", ")
    let place = "chain \(hindrance.chain) of table \(hindrance.table)"
    return "\(place), which is not ours, drops what is admitted here: \(ways)"
  }

  /// Commands that can be pasted.
  var remedy: String { commands.joined(separator: "; ") }

  private var commands: [String] {
    let links = hindrance.links.map(\.text)
    switch hindrance.owner {
    case .docker:
      let program = hindrance.table.family == .ip6 ? "ip6tables" : "iptables"
      return links.flatMap { link in
        ["-i", "-o"].map { "\(program) -I DOCKER-USER \($0) \(link) -j ACCEPT" }
      }
    case .ufw:
      return links.flatMap { link in
        switch hindrance.hook {
        case .forward: ["ufw route allow in on \(link)", "ufw route allow out on \(link)"]
        case .output: ["ufw allow out on \(link)"]
        case .input, .prerouting, .postrouting, .ingress: ["ufw allow in on \(link)"]
        }
      }
    case .firewalld:
      return links.map { "firewall-cmd --permanent --zone=trusted --add-interface=\($0)" } + ["firewall-cmd --reload"]
    case .unknown:
      let rule = "nft insert rule \(hindrance.table) \(hindrance.chain)"
      return links.flatMap { link in
        switch hindrance.hook {
        case .forward: ["\(rule) iifname \(link) accept", "\(rule) oifname \(link) accept"]
        case .output: ["\(rule) oifname \(link) accept"]
        case .input, .prerouting, .postrouting, .ingress: ["\(rule) iifname \(link) accept"]
        }
      }
    }
  }

  /// For programs.
  var value: [String: JSON] {
    [
      "table": .string("\(hindrance.table)"), "chain": .string(hindrance.chain),
      "hook": .string("\(hindrance.hook)"), "owner": .string(hindrance.owner.rawValue),
      "links": .array(hindrance.links.map { .string($0.text) }),
      "ways": .array(hindrance.ends.map { ["from": .string($0.from), "to": .string($0.to)] }),
      "summary": .string(summary), "remedy": .string(remedy),
    ]
  }

  func text(_ paint: Paint) -> String {
    "\(paint("warning", .careful)): \(summary)\n  \(paint("do", .bold)): \(remedy)\n"
  }
}
