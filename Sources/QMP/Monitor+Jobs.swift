extension Monitor {
  /// Runs a command that begins a job and waits for the job's end. What kept the job from its work is thrown as
  /// `refused`. The id must not be that of another job of this QEMU.
  package mutating func run(
    job command: String, _ arguments: [String: JSON], id: String, until deadline: ContinuousClock.Instant
  ) async throws(QMPError) {
    try await execute(command, arguments.merging(["job-id": .string(id)]) { _, own in own }, until: deadline)
    try await awaitEvent("JOB_STATUS_CHANGE", until: deadline) { data in
      data["id"]?.string == id && data["status"]?.string == "concluded"
    }
    let answer = try await execute("query-jobs", until: deadline)
    guard case .array(let jobs) = answer, let job = jobs.first(where: { $0["id"]?.string == id }) else {
      throw .malformed
    }
    try await execute("job-dismiss", ["id": .string(id)], until: deadline)
    if let fault = job["error"]?.string { throw .refused(command: command, class: "job", description: fault) }
  }
}
