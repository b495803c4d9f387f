/// Somebody else is at work and is waited for.
struct WaitingView {
  let constellation: String
  /// nil where it cannot be told.
  let pid: Int32?

  var text: String { "waiting for another meros at work on \(constellation)\(pid.map { ": process \($0)" } ?? "")\n" }
}
