import Glibc
import Testing

@testable import LinuxHost

@Test func usersThatAreNotInTheNamespaceAreStoodInFor() {
  let whole = UserMap("         0          0 4294967295\n")
  #expect(whole.isWhole && whole.standIn(for: 0x7012_3456) == 0x7012_3456)
  #expect(UserMap("").isWhole)
  let alone = UserMap("         0       1000          1\n")
  #expect(!alone.isWhole && alone.standIn(for: 0x7012_3456) == geteuid() && alone.standIn(for: 0) == 0)
  let some = UserMap("0 1000 1\n1 100000 65536\n1879048192 200000 16777216\n")
  #expect(!some.isWhole && some.standIn(for: 0x7012_3456) == 0x7012_3456 && some.standIn(for: 0x6fff_ffff) == geteuid())
}
