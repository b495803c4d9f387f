import Reconcile

extension Change.Verb {
  /// The mark in front of a change.
  var symbol: String {
    switch self {
    case .create: "+"
    case .update: "~"
    case .replace: "-/+"
    case .delete: "-"
    }
  }

  var ink: Paint.Ink {
    switch self {
    case .create: .good
    case .update: .careful
    case .replace, .delete: .bad
    }
  }

  /// What the symbol means, for the legend.
  var meaning: String {
    switch self {
    case .create: "create"
    case .update: "change in place"
    case .replace: "destroy and create anew"
    case .delete: "destroy"
    }
  }

  /// What OpenTofu's JSON calls it.
  var tofuAction: String {
    switch self {
    case .create: "create"
    case .update: "update"
    case .replace: "replace"
    case .delete: "delete"
    }
  }
}

extension Disruption {
  /// What it costs those who use the constellation.
  var meaning: String {
    switch self {
    case .none: "nothing is touched"
    case .live: "nothing notices"
    case .reload: "a service restarts"
    case .restart: "the VM reboots, its disks are kept"
    case .rebuild: "the root disk starts anew, what was written on it is lost"
    case .dataLoss: "a data disk goes with all that is on it"
    }
  }
}

extension Pending {
  /// "packages, file etc/motd and 3 more"
  var words: String {
    let paths = reasons.map(\.path.printable)
    return enumerated(paths.count > 4 ? Array(paths.prefix(3)) + ["\(paths.count - 3) more"] : paths)
  }

  /// What a VM at rest does, and what wakes it; nil for what waits for another reason.
  func restWords(of constellation: String) -> String? {
    switch cause {
    case .manifest: nil
    case .isShutDown: "shut down; meros start \(constellation) \(address.name) starts it"
    case .isPaused: "paused; meros resume \(constellation) \(address.name) lets it go on"
    }
  }
}

/// Counts in words: "1 step", "2 steps".
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// "a", "a and b", "a, b and c".
func enumerated(_ words: [String], joint: String = "and") -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return "\(words.dropLast().joined(separator: ", ")) \(joint) \(last)"
}
