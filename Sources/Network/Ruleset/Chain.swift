/// A chain: rules in order, hooked into the path of packets or jumped to from others.
package struct Chain: Hashable, Sendable {
  package var name: String
  /// nil for a regular chain.
  package var base: Base?
  package var rules: [Rule]

  /// Where a base chain is hooked in, and what becomes of a packet that reaches its end.
  package struct Base: Hashable, Sendable {
    package var type: Kind
    package var hook: Hook
    package var priority: Int32
    package var policy: Policy
    /// Flags and devices that none of our chains have; empty in every chain of ours.
    package var unknown: Set<String>

    package init(
      _ type: Kind = .filter, _ hook: Hook, priority: Int32, policy: Policy = .accept, unknown: Set<String> = []
    ) {
      self.type = type
      self.hook = hook
      self.priority = priority
      self.policy = policy
      self.unknown = unknown
    }
  }

  package enum Kind: String, Hashable, Sendable {
    case filter, nat, route
  }

  /// NF_INET_* and NF_BR_*: the numbers are the same.
  package enum Hook: UInt32, Hashable, Sendable {
    case prerouting, input, forward, output, postrouting, ingress
  }

  package enum Policy: UInt32, Hashable, Sendable {
    case drop, accept
  }

  package init(_ name: String, base: Base? = nil, rules: [Rule] = []) {
    self.name = name
    self.base = base
    self.rules = rules
  }
}

/// A rule: expressions that run from left to right until one does not match.
package struct Rule: Hashable, Sendable {
  package var expressions: [Expression]
  /// nil when there is none.
  package var comment: String?

  package init(_ expressions: [Expression], comment: String? = nil) {
    self.expressions = expressions
    self.comment = comment.map(fittingComment)
  }

  /// The pieces of a rule one after the other: `Rule(.links(.from, in: "lan"), .goto("guard"))`.
  package init(_ statements: Statement..., comment: String? = nil) {
    self.init(statements.flatMap(\.expressions), comment: comment)
  }
}
