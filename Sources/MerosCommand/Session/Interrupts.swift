package import Reconcile

/// Where interrupts are counted: the signals of this process, or a test's.
package struct Interrupts: Sendable {
  /// From when on they are counted; before that they end the process, and nothing has been begun.
  package var begin: @Sendable () -> Void
  /// How many there were.
  package var count: @Sendable () -> Int

  package init(begin: @escaping @Sendable () -> Void = {}, count: @escaping @Sendable () -> Int) {
    self.begin = begin
    self.count = count
  }

  package static let none = Interrupts { 0 }

  /// Those of this process.
  static let signals = Interrupts(begin: { Signals.count() }, count: { Signals.interruptCount })

  /// Runs `body`. The first interrupt asks it to begin nothing more, the second cancels it.
  /// - Parameter told: called once for each of the two.
  package func watch<Value: Sendable>(
    told: @escaping @Sendable (Stage) -> Void, _ body: @escaping @Sendable (Interruption) async -> Value
  ) async -> Value? {
    begin()
    let interruption = Interruption()
    return await withTaskGroup(of: Ending<Value>.self) { group in
      group.addTask { .done(await body(interruption)) }
      group.addTask { await wait(interruption, told) }
      var value: Value?
      for await ending in group {
        if case .done(let result) = ending { value = result }
        // Either the body is done and nobody need watch, or the second interrupt came and the body is to give up.
        group.cancelAll()
      }
      return value
    }
  }

  package enum Stage: Sendable {
    case finishing, stopping
  }

  private enum Ending<Value: Sendable>: Sendable {
    case done(Value)
    case stopped
  }

  private func wait<Value>(_ interruption: Interruption, _ told: @Sendable (Stage) -> Void) async -> Ending<Value> {
    while !Task.isCancelled {
      let count = count()
      if count >= 1 && !interruption.isRequested {
        interruption.request()
        told(.finishing)
      }
      if count >= 2 {
        told(.stopping)
        return .stopped
      }
      // Cancelled when the body is done.
      try? await Task.sleep(for: .milliseconds(50))
    }
    return .stopped
  }
}
