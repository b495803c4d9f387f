/// Where words go to and come from: the process's own streams, or a test's.
package struct Console: Sendable {
  package enum Stream: Sendable {
    /// Results: what was asked for.
    case output
    /// Everything else: progress, questions, errors.
    case diagnostics
  }

  package var write: @Sendable (Stream, String) -> Void
  /// One line of what a person types, without its end; nil at the end of the input.
  package var readLine: @Sendable () -> String?
  /// Somebody sits there who can be asked.
  package var isInteractive: Bool
  /// What is written as `diagnostics` can be drawn over.
  package var isTerminal: Bool
  /// How many characters fit in a line of the terminal, now.
  package var columns: @Sendable () -> Int
  /// The colours of `output` and `diagnostics`.
  package var paint: Paint
  package var diagnosticsPaint: Paint

  package init(
    write: @escaping @Sendable (Stream, String) -> Void, readLine: @escaping @Sendable () -> String? = { nil },
    isInteractive: Bool = false, isTerminal: Bool = false, columns: @escaping @Sendable () -> Int = { 80 },
    paint: Paint = Paint(isOn: false), diagnosticsPaint: Paint = Paint(isOn: false)
  ) {
    self.write = write
    self.readLine = readLine
    self.isInteractive = isInteractive
    self.isTerminal = isTerminal
    self.columns = columns
    self.paint = paint
    self.diagnosticsPaint = diagnosticsPaint
  }

  package func print(_ text: String) { write(.output, text) }

  /// What is not a result.
  package func tell(_ text: String) { write(.diagnostics, text) }
}
