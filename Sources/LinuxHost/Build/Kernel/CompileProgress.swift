import Host
import Synchronization

/// Counts what `make` says that it compiles and links.
final class CompileProgress: Sendable {
  private let count = Mutex(0)
  /// How many there were the last time; nil: not known.
  private let total: Int?

  init(total: Int?) { self.total = total }

  var steps: Int { count.withLock(\.self) }

  /// What to tell after a line; nil: nothing new.
  func report(_ line: String) -> Progress.Report? {
    guard Self.isStep(line) else { return Builder.activity(line) }
    let steps = count.withLock { count in
      count += 1
      return count
    }
    let fraction = total.flatMap { $0 > 0 ? min(Double(steps) / Double($0), 0.99) : nil }
    return Progress.Report("compiling file \(steps)", fraction: fraction)
  }

  /// "  CC      init/main.o": two spaces, a word in capitals, more spaces, a file.
  static func isStep(_ line: String) -> Bool {
    guard line.hasPrefix("  "), !line.hasPrefix("   ") else { return false }
    let words = line.split(separator: " ")
    guard words.count >= 2, let word = words.first else { return false }
    return word.utf8.allSatisfy { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
  }
}
