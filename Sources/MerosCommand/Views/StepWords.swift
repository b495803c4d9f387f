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

  /// - Parameters:
  ///   - verb: that of the step's change.
  ///   - order: likewise; what is changed first is not down afterwards, it only loses what must outlive others.
  ///   - isLive: likewise; nothing notices what is done first.
  init(_ half: Step.Half, _ verb: Change.Verb, _ order: Change.Order = .tearDownFirst, isLive: Bool = false) {
    switch (verb, half, order) {
    case (.create, _, _), (.replace, .setUp, _): (doing, done, action) = ("creating", "created", "create")
    case (.update, .tearDown, .tearDownFirst) where isLive: (doing, done, action) = ("preparing", "prepared", "update")
    case (.update, .tearDown, .tearDownFirst): (doing, done, action) = ("taking down", "taken down", "update")
    case (.update, .tearDown, .setUpFirst):
      (doing, done, action) = ("removing last members", "last members removed", "update")
    case (.update, .setUp, _): (doing, done, action) = ("changing", "changed", "update")
    case (.delete, _, _), (.replace, .tearDown, _): (doing, done, action) = ("destroying", "destroyed", "delete")
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
