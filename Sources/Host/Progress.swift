/// Receives what a long deed is doing; called from any task.
package struct Progress: Sendable {
  package let report: @Sendable (Report) -> Void

  package init(_ report: @escaping @Sendable (Report) -> Void) { self.report = report }

  package static let silent = Progress { _ in }

  package struct Report: Hashable, Sendable {
    /// What is being done, in the present participle: "unpacking packages".
    package var activity: String
    /// 0...1; nil where it is not known.
    package var fraction: Double?

    package init(_ activity: String, fraction: Double? = nil) {
      self.activity = activity
      self.fraction = fraction
    }
  }
}
