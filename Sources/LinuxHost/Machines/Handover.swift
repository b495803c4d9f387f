import Glibc

/// The descriptors that a QEMU is to be given, in the order of their numbers there. Closed with the value: QEMU has
/// copies by then.
struct Handover: ~Copyable {
  private(set) var descriptors: [Int32] = []
  /// 0, 1 and 2 are the standard ones.
  private static let first = 3

  /// Takes the descriptor over and gives the number that it will have in QEMU.
  mutating func give(_ descriptor: Int32) -> Int {
    descriptors.append(descriptor)
    return Self.first + descriptors.count - 1
  }

  deinit {
    for descriptor in descriptors { _ = close(descriptor) }
  }
}
