import Host
import Reconcile
import Testing

@testable import Resources

struct KeyTests {
  private let scope: Scope

  init() throws {
    scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
  }

  private func change(_ publicKey: String?, pinned: Bool = true, wanted: Bool = true) -> Change? {
    let use = KeyUse.host(vm: "web")
    let observed = Key.Observed(
      key: ObservedKey(use: use, publicKey: publicKey, isPinned: pinned), scope: scope)
    return Key.change(use.name, from: observed, to: wanted ? Key(use, of: scope) : nil, under: Circumstances())
  }

  @Test func aWholePairIsLeftAlone() { #expect(change("ssh-ed25519 AAAA") == nil) }

  @Test func halfAPairIsReplacedAndCostsARestart() {
    #expect(change(nil, pinned: false)?.verb == .replace)
    #expect(change(nil, pinned: false)?.disruption == .restart)
  }

  @Test func aLostPinIsPutBackLive() {
    #expect(change("ssh-ed25519 AAAA", pinned: false)?.verb == .update)
    #expect(change("ssh-ed25519 AAAA", pinned: false)?.disruption == .live)
  }

  @Test func aKeyThatLeftTheManifestGoes() {
    #expect(change("ssh-ed25519 AAAA", wanted: false)?.tearDown.map(\.description) == ["delete key host-web"])
  }
}
