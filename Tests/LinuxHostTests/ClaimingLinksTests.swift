import Host
import HostTesting
import Netlink
import Network
import Testing

@testable import LinuxHost

private func claiming(_ base: MemoryLinks) throws -> ClaimingLinks {
  ClaimingLinks(base: base, lock: HostLock(in: try NetworkNamespace.current.identity()))
}

private func bridge(_ name: String, _ address: String, group: UInt32) throws -> BridgeDesign {
  BridgeDesign(
    name: try #require(LinkName(name)), group: group, alias: "meros:lab:0123456789abcdef:bridge.\(name)", mtu: 1500,
    addresses: [try #require(InterfaceAddress(address))])
}

@Test func aSubnetThatAnotherTookMeanwhileIsNotTakenTwice() async throws {
  let base = MemoryLinks()
  let links = try claiming(base)
  try await links.ensureBridge(bridge("one", "10.9.0.1/16", group: 0x6d00_0001))
  let error = await #expect(throws: HostError.self) {
    try await links.ensureBridge(bridge("two", "10.9.8.1/24", group: 0x6d00_0002))
  }
  #expect(error?.cause == .notOurs("10.9.0.1/16 of one"))
  #expect(try await base.links().map(\.name.text) == ["one"])
}

@Test func aConstellationMayMoveASubnetFromOneBridgeToAnother() async throws {
  let base = MemoryLinks()
  let links = try claiming(base)
  try await links.ensureBridge(bridge("one", "10.9.0.1/24", group: 0x6d00_0001))
  try await links.ensureBridge(bridge("two", "10.9.0.1/24", group: 0x6d00_0001))
  #expect(try await base.links().count == 2)
}
