import Subprocess
import SystemPackage

/// Cuts what a program writes into lines, keeps the last of them, and copies all of it to a log.
struct ProgramLines: ~Copyable {
  private static let kept = 20
  /// Longer lines are cut: a program that writes no line ends must not fill the memory.
  private static let longest = 4096

  private let log: FileDescriptor?
  private var line: [UInt8] = []
  private var last: [String] = []

  init(log: FilePath?) throws {
    self.log = try log.map {
      try FileDescriptor.open(
        $0, .writeOnly, options: [.append, .create, .closeOnExec], permissions: [.ownerReadWrite])
    }
  }

  func close() {
    // What could not be written was thrown where it was written; nothing is left to lose here.
    try? log?.close()
  }

  mutating func take(_ buffer: SubprocessOutputSequence.Buffer, _ eachLine: (String) -> Void) {
    let bytes = unsafe buffer.withUnsafeBytes { unsafe Array($0) }
    // A full disk must not stop the program that is being watched; its last lines are kept besides.
    _ = try? log?.writeAll(bytes)
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        endLine(eachLine)
      } else if line.count < Self.longest {
        line.append(byte)
      }
    }
  }

  /// Takes what stands after the last line end as a line, and gives the last lines.
  mutating func finish(_ eachLine: (String) -> Void) -> [String] {
    endLine(eachLine)
    return last
  }

  private mutating func endLine(_ eachLine: (String) -> Void) {
    guard !line.isEmpty else { return }
    let text = String(decoding: line, as: UTF8.self)
    line.removeAll(keepingCapacity: true)
    last.append(text)
    if last.count > Self.kept { last.removeFirst() }
    eachLine(text)
  }
}
