/// What a document may cost.
package struct YAMLLimits: Sendable {
  /// Of the text.
  package var bytes = 16 << 20
  /// Of collections in one another.
  package var depth = 64
  /// Nodes that aliases stand for, all together.
  package var aliasedNodes = 1_000_000

  package init() {}
}
