/// What a person asks of something that runs, besides what the manifest says of it.
package enum PowerRequest: Hashable, Sendable {
  /// It is to run, whatever was asked before.
  case start
  /// It is to rest until somebody asks for `start`; `grace` is the time that it has to end by itself.
  case shutdown(grace: Duration)
  case restart(grace: Duration)
  /// It is to stand still, and to go on where it stood.
  case pause, resume

  /// What it takes besides the thing itself: nothing, or all that it stands on.
  package var isNarrow: Bool {
    switch self {
    case .shutdown, .pause, .resume: true
    case .start, .restart: false
    }
  }
}
