import Host
import Network

/// Links whose bridges take a subnet only while nobody else can: the plan saw it free, but another constellation may
/// have taken it since.
struct ClaimingLinks: Links {
  let base: any Links
  let lock: HostLock

  func links() async throws(HostError) -> [Link] { try await base.links() }
  func routes() async throws(HostError) -> [Route] { try await base.routes() }

  func ensureBridge(_ design: BridgeDesign) async throws(HostError) {
    try await lock.hold { () async throws(HostError) in
      let others = try await base.links().filter { $0.group != design.group && $0.name != design.name }
      for other in others {
        guard let taken = other.addresses.first(where: { design.overlaps($0) }) else { continue }
        throw HostError("give \(design.name) its subnet", .notOurs("\(taken) of \(other.name)"))
      }
      try await base.ensureBridge(design)
    }
  }

  func ensureTap(_ design: TapDesign) async throws(HostError) { try await base.ensureTap(design) }

  func removeLink(_ name: LinkName, group: UInt32) async throws(HostError) {
    try await base.removeLink(name, group: group)
  }
}

extension BridgeDesign {
  fileprivate func overlaps(_ address: InterfaceAddress) -> Bool {
    addresses.contains { $0.prefix.overlaps(address.prefix) }
  }
}
