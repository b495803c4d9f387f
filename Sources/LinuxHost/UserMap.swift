import Glibc

/// Which users there are in the user namespace that this process runs in.
struct UserMap {
  private let ranges: [ClosedRange<UInt64>]

  static var current: UserMap {
    // Without /proc nothing tells, and all are there as nearly everywhere.
    let bytes = (try? SmallFile.read("/proc/self/uid_map", limit: 1 << 14)) ?? nil
    return UserMap(String(decoding: bytes ?? [], as: UTF8.self))
  }

  /// Reads the lines of user_namespaces(7): first uid inside, first outside, how many. No lines: all are there.
  init(_ text: String) {
    let lines = text.split(separator: "\n").map { line in
      line.split(whereSeparator: \.isWhitespace).compactMap { UInt64($0) }
    }
    let found = lines.filter { $0.count == 3 && $0[2] > 0 }.map { $0[0]...($0[0] + $0[2] - 1) }
    ranges = found.isEmpty ? [0...UInt64(UInt32.max)] : found
  }

  /// Every user is there: it is the machine's own, or one made like it.
  var isWhole: Bool { ranges.contains { $0.lowerBound == 0 && $0.upperBound >= UInt64(UInt32.max) - 1 } }

  /// The user, or where there is no such one the one that this process is.
  func standIn(for user: UInt32) -> UInt32 {
    ranges.contains { $0.contains(UInt64(user)) } ? user : geteuid()
  }
}
