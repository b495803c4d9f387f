import Glibc

extension Console {
  /// The streams of this process.
  /// - Parameter isColored: colour where there is a terminal; false: nowhere.
  package static func system(isColored: Bool) -> Console {
    let terminals = (input: isatty(0) == 1, output: isatty(1) == 1, diagnostics: isatty(2) == 1)
    return Console(
      write: { stream, text in write(text, to: stream == .output ? 1 : 2) },
      readLine: { Swift.readLine(strippingNewline: true) },
      isInteractive: terminals.input && terminals.diagnostics, isTerminal: terminals.diagnostics,
      columns: { columns(of: 2) }, paint: Paint(isOn: isColored && terminals.output),
      diagnosticsPaint: Paint(isOn: isColored && terminals.diagnostics))
  }

  /// All of it. A reader that is gone is no reason to stop what is being done.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  private static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
