import Host
import Reconcile

/// How a step is spoken of.
struct StepWords {
  /// "creating"
  let doing: String
  /// "created"
  let done: String
  /// As OpenTofu's JSON names it.
  let action: String

  /// - Parameter verb: that of the step's change.
  init(_ half: Step.Half, _ verb: Change.Verb) {
    switch (verb, half) {
    case (.create, _), (.replace, .setUp): (doing, done, action) = ("creating", "created", "create")
    case (.update, .tearDown): (doing, done, action) = ("taking down", "taken down", "update")
    case (.update, .setUp): (doing, done, action) = ("changing", "changed", "update")
    case (.delete, _), (.replace, .tearDown): (doing, done, action) = ("destroying", "destroyed", "delete")
    }
  }
}

extension Progress.Report {
  /// "unpacking packages, 40%"
  var words: String {
    guard let fraction, fraction.isFinite else { return activity.printable }
    return "\(activity.printable), \(Int((min(max(fraction, 0), 1) * 100).rounded()))%"
  }
}

extension Report.Cause {
  var words: String {
    switch self {
    case .waitedFor(let step): "it waits for \(step.address)"
    case .interrupted: "interrupted before it began"
    }
  }
}
