/// Lets few tests at once at work that loads the machine; the others wait for their turn without taking a thread.
///
/// All tests of a run start together. Without this every one of hundreds works on the kernel at the same time, each takes
/// minutes, and what waits for a program or a guest waits longer than any deadline allows for: a program that a test waits
/// for holds one of the threads that all share, of which there are as many as processors.
package actor Turnstile {
  /// Of what works in network namespaces.
  static let kernel = Turnstile(places: 1)
  /// Of what applies whole constellations and boots machines, which is mostly waiting without a thread.
  package static let constellations = Turnstile(places: 1)

  /// The task, or one that it is a child of, has a place already: a test that makes several namespaces takes one.
  @TaskLocal private static var isInside = false

  private var places: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(places: Int) { self.places = places }

  /// Runs `body` once there is a place, first come, first served.
  package nonisolated func pass<R>(_ body: () async throws -> R) async throws -> R {
    if Self.isInside { return try await body() }
    await enter()
    let result: Result<R, any Error>
    do {
      result = .success(try await Self.$isInside.withValue(true, operation: body))
    } catch {
      result = .failure(error)
    }
    await leave()
    return try result.get()
  }

  private func enter() async {
    if places > 0 {
      places -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  private func leave() {
    if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
  }
}
