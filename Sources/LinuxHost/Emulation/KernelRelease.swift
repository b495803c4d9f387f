import Glibc

/// The version of a kernel, as far as features go by it.
struct KernelRelease: Comparable, Sendable {
  private let major: Int
  private let minor: Int

  init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// - Parameter text: as `uname -r` says it, "6.18.44-cloud".
  init(_ text: String) {
    let numbers = text.split(separator: ".", maxSplits: 2).map { $0.prefix { $0.isNumber } }.map { Int($0) ?? 0 }
    self.init(numbers.first ?? 0, numbers.dropFirst().first ?? 0)
  }

  /// The running one.
  static var current: KernelRelease {
    var name = utsname()
    guard unsafe uname(&name) == 0 else { return KernelRelease(0, 0) }
    return unsafe withUnsafeBytes(of: &name.release) { bytes in
      unsafe KernelRelease(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
    }
  }

  static func < (one: KernelRelease, other: KernelRelease) -> Bool {
    (one.major, one.minor) < (other.major, other.minor)
  }
}
