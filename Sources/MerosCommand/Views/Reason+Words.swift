import Reconcile

extension Reason {
  /// What was and what is to be, on one line.
  var words: String {
    switch (before?.shortened, after?.shortened) {
    case (let before?, let after?): "\(path.printable): \(before) -> \(after)"
    case (let before?, nil): "\(path.printable) went, it was \(before)"
    case (nil, let after?): "\(path.printable) came: \(after)"
    case (nil, nil): path.printable
    }
  }
}

extension String {
  /// On one line and not endless.
  var shortened: String {
    let line = printable
    return line.count > 100 ? "\(line.prefix(97))..." : line
  }
}
