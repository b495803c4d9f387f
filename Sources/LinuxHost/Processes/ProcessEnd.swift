/// The end of a process that need not be our child.
package enum ProcessEnd {
  /// Waits for it; comes back early when the task is cancelled.
  package static func wait(for pid: Int32) async {
    guard let process = ProcessHandle.open(pid: pid) else { return }
    while !process.hasEnded {
      // Fails when it is cancelled, which is an answer.
      guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { return }
    }
  }
}
