package import Host

/// What a table of ours says of itself in its comment, from its creation to its end.
package struct FirewallRecord: Hashable, Sendable, CustomStringConvertible {
  package var scope: Scope
  /// What the kernel forwarded before the first constellation of the network namespace came.
  package var former: ForwardingState

  package init(scope: Scope, former: ForwardingState) {
    self.scope = scope
    self.former = former
  }

  /// The mark, then facts: `meros:lab:0123456789abcdef:firewall.lab schema=1 forwarding=01`, IPv4 first.
  package var description: String {
    let forwarding = [former.ipv4, former.ipv6].map { $0 ? "1" : "0" }.joined()
    return "\(Mark(scope: scope, address: "firewall.\(scope.constellation)")) schema=1 forwarding=\(forwarding)"
  }

  /// Reads what `description` writes; nil for the comment of a table that is no constellation's.
  package init?(_ comment: String?) {
    guard let comment else { return nil }
    let words = comment.split(separator: " ")
    guard let first = words.first, let mark = Mark(first), mark.address == "firewall.\(mark.scope.constellation)",
      let word = words.dropFirst().first(where: { $0.hasPrefix("forwarding=") })
    else { return nil }
    let digits = word.dropFirst("forwarding=".count)
    guard digits.count == 2, digits.allSatisfy({ $0 == "0" || $0 == "1" }) else { return nil }
    scope = mark.scope
    former = ForwardingState(ipv4: digits.first == "1", ipv6: digits.last == "1")
  }
}
