/// Looks again and again until it is so. Throws when it is not after `limit`, which is for what never comes to pass and
/// not for a busy machine.
package func eventually(within limit: Duration = .seconds(300), _ isSo: () async throws -> Bool) async throws {
  let end = ContinuousClock.now + limit
  while try await !isSo() {
    guard .now < end else { throw NeverSo(limit: limit) }
    try await Task.sleep(for: .milliseconds(20))
  }
}

/// What a test waited for did not come to pass.
package struct NeverSo: Error {
  package var limit: Duration
}
