import Glibc

/// The terminal behind a descriptor.
enum Terminal {
  /// Every key goes to `body` as it is pressed, none is shown or obeyed. Afterwards the terminal is as it was before,
  /// however `body` ends; where there is no terminal, nothing is changed.
  static func raw<R>(_ descriptor: Int32, _ body: () -> R) -> R {
    var before = termios()
    guard unsafe tcgetattr(descriptor, &before) == 0 else { return body() }
    var raw = before
    unsafe cfmakeraw(&raw)
    _ = unsafe tcsetattr(descriptor, TCSANOW, &raw)
    // What is typed and not yet read is not for the shell.
    defer { _ = unsafe tcsetattr(descriptor, TCSAFLUSH, &before) }
    return body()
  }
}
