import HostTesting
import Netlink
import Testing

@Suite struct NetworkNamespaceTests {
  @Test(arguments: ["", "a/b", "..", "a\0b", String(repeating: "x", count: 256)])
  func aNameThatNoFileCanHaveIsRefused(name: String) {
    #expect(throws: NamespaceError.invalidName(name)) { try NetworkNamespace.named(name) }
  }

  @Test func aMissingNamespaceIsNamed() {
    #expect(throws: NamespaceError.missing("meros-none")) { try NetworkNamespace.named("meros-none") }
  }

  @Test(.enabled(if: TestNamespace.isAvailable, "needs root, /dev/net/tun and ip"))
  func theThreadComesBack() async throws {
    try await TestNamespace.with { namespace in
      let place = try NetworkNamespace.named(namespace.name)
      let before = try NetworkNamespace.current.identity()
      let failure = NetlinkError(errno: 1, call: "none")
      #expect(throws: failure) { try place.run { () throws(NetlinkError) in throw failure } }
      #expect(try NetworkNamespace.current.identity() == before)
      #expect(try place.identity() != before)
    }
  }
}
