import CMnl
import CNftnl
import Glibc
import Netlink
import Network

extension FilterSession {
  static func request(
    _ type: nf_tables_msg_types, _ family: UInt8 = 0, _ attributes: [(Int, String)] = []
  ) -> NetlinkRequest {
    // NFNL_SUBSYS_NFTABLES stands in the upper byte; then `struct nfgenmsg`.
    var request = NetlinkRequest(
      type: UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(type.rawValue), flags: 0, fixed: [family, 0, 0, 0])
    for (attribute, text) in attributes { request.put(attribute, text) }
    return request
  }

  mutating func readGeneration() throws(NetlinkError) -> UInt32 {
    var request = Self.request(NFT_MSG_GETGEN)
    request.sequence = socket.nextSequence()
    try socket.send(unsafe request.bytes.span.bytes)
    var generation: UInt32?
    while let datagram = try socket.receive() {
      try datagram.forEach { header, message throws(NetlinkError) in
        guard header.sequence == request.sequence else { return }
        if header.type == UInt16(NLMSG_ERROR) {
          if let error = NetlinkError(answer: message, header: header) { throw error }
          return
        }
        message.forEachAttribute(from: attributesOffset) { type, value in
          if UInt32(type) == NFTA_GEN_ID.rawValue { generation = value.bigEndian() }
        }
      }
    }
    guard let generation else { throw NetlinkError(code: EPROTO, call: "NFT_MSG_GETGEN") }
    return generation
  }

  mutating func readTables(
    _ identities: Set<TableIdentity>
  ) throws(NetlinkError) -> [TableIdentity: ObservedTable] {
    let found = try socket.dump(Self.request(NFT_MSG_GETTABLE), DecodedTable.init)
    var tables: [TableIdentity: ObservedTable] = [:]
    for table in found where identities.contains(table.header.identity) {
      tables[table.header.identity] = try read(table)
    }
    return tables
  }

  private mutating func read(_ decoded: DecodedTable) throws(NetlinkError) -> ObservedTable {
    let identity = decoded.header.identity
    let family = identity.family.number
    var observed = ObservedTable(
      table: Table(header: decoded.header), flags: decoded.flags, handle: decoded.handle)
    // The kernel gives chains of all tables of a family.
    let chains = try socket.dump(Self.request(NFT_MSG_GETCHAIN, family), DecodedChain.init)
    for decoded in chains where decoded.table == identity.name {
      observed.table.chains[decoded.chain.name] = decoded.chain
      observed.chainHandles[decoded.chain.name] = decoded.handle
      observed.ruleHandles[decoded.chain.name] = []
    }
    let ruleRequest = Self.request(NFT_MSG_GETRULE, family, [(Int(NFTA_RULE_TABLE.rawValue), identity.name)])
    for decoded in try socket.dump(ruleRequest, DecodedRule.init) {
      observed.table.chains[decoded.chain]?.rules.append(decoded.rule)
      observed.ruleHandles[decoded.chain]?.append(decoded.handle)
    }
    let setRequest = Self.request(NFT_MSG_GETSET, family, [(Int(NFTA_SET_TABLE.rawValue), identity.name)])
    var hiddenCount: UInt32 = 0
    let sets = try socket.dump(setRequest) { message -> SetDefinition? in
      let set = SetDefinition(message)
      if set == nil { hiddenCount += 1 }
      return set
    }
    for var set in sets {
      set.elements = try readElements(of: set, in: identity)
      observed.table.sets[set.name] = set
    }
    // Chains and sets are all that we make; only what others put in needs more questions.
    if decoded.objectCount != UInt32(chains.count { $0.table == identity.name } + sets.count) + hiddenCount {
      observed.table.others = try readOthers(in: identity)
    }
    return observed
  }

  private mutating func readElements(
    of set: SetDefinition, in table: TableIdentity
  ) throws(NetlinkError) -> Set<SetElement> {
    let request = Self.request(
      NFT_MSG_GETSETELEM, table.family.number,
      [
        (Int(NFTA_SET_ELEM_LIST_TABLE.rawValue), table.name), (Int(NFTA_SET_ELEM_LIST_SET.rawValue), set.name),
      ])
    var attempt = 1
    while true {
      let elements = try socket.dump(request, DecodedElement.elements).flatMap(\.self)
      let members = set.members(elements)
      // The kernel grows a hash beside its work, and a dump goes on by the count of what it has told: what then comes
      // twice is as much as what is left out. No generation tells of it.
      if set.isInterval || members.count == elements.count || attempt == 10 { return members }
      attempt += 1
    }
  }

  private mutating func readOthers(in table: TableIdentity) throws(NetlinkError) -> Set<OtherObject> {
    let family = table.family.number
    let objects = try socket.dump(
      Self.request(NFT_MSG_GETOBJ, family, [(Int(NFTA_OBJ_TABLE.rawValue), table.name)])
    ) { OtherObject($0, isFlowtable: false) }
    let flowtables = try socket.dump(
      Self.request(NFT_MSG_GETFLOWTABLE, family, [(Int(NFTA_FLOWTABLE_TABLE.rawValue), table.name)])
    ) { OtherObject($0, isFlowtable: true) }
    return Set(objects).union(flowtables)
  }
}
