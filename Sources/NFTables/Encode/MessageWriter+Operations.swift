import CMnl
import CNftnl
import Glibc
import Network

extension MessageWriter {
  /// Writes the messages of one operation. False when it holds an expression that can only be read.
  mutating func write(_ operation: Operation, tableFlags: UInt32) -> Bool {
    subject = operation
    switch operation {
    case .addTable(let header): add(header, flags: tableFlags)
    case .setFlags(let table, let flags): self.table(NFT_MSG_NEWTABLE, table, flags: flags, comment: nil)
    case .deleteTable(let table): self.table(NFT_MSG_DELTABLE, table, flags: nil, comment: nil)
    case .addChain(let table, let chain): self.chain(NFT_MSG_NEWCHAIN, NLM_F_CREATE, table, chain)
    case .setPolicy(let table, let chain): self.chain(NFT_MSG_NEWCHAIN, 0, table, chain)
    case .deleteChain(let table, let name): self.chain(NFT_MSG_DELCHAIN, 0, table, Chain(name))
    case .addSet(let table, let set): add(set, to: table)
    case .deleteSet(let table, let name): deleteSet(name, of: table)
    case .addElements(let table, let set, let elements):
      self.elements(NFT_MSG_NEWSETELEM, NLM_F_CREATE, table, set, elements)
    case .deleteElements(let table, let set, let elements):
      self.elements(NFT_MSG_DELSETELEM, 0, table, set, elements)
    case .addRule(let table, let chain, let rule, let before):
      return add(rule, to: chain, of: table, before: before)
    case .deleteRule(let table, let chain, let handle): deleteRule(handle, of: chain, of: table)
    case .deleteOther(let table, let other): delete(other, of: table)
    }
    return true
  }

  private mutating func add(_ header: TableHeader, flags: UInt32) {
    let dormant = header.isDormant ? UInt32(NFT_TABLE_F_DORMANT.rawValue) : 0
    table(NFT_MSG_NEWTABLE, header.identity, flags: flags | dormant, comment: header.comment)
  }

  private mutating func table(
    _ type: nf_tables_msg_types, _ identity: TableIdentity, flags: UInt32?, comment: String?
  ) {
    guard let table = unsafe nftnl_table_alloc() else { return }
    defer { unsafe nftnl_table_free(table) }
    _ = unsafe nftnl_table_set_str(table, UInt16(NFTNL_TABLE_NAME.rawValue), identity.name)
    if let flags { unsafe nftnl_table_set_u32(table, UInt16(NFTNL_TABLE_FLAGS.rawValue), flags) }
    if let comment {
      let data = UserData(NFTNL_UDATA_TABLE_COMMENT.rawValue, comment: comment).bytes
      _ = unsafe nftnl_table_set_data(table, UInt16(NFTNL_TABLE_USERDATA.rawValue), data, UInt32(data.count))
    }
    unsafe message(type, identity.family, flags: 0) { header in
      unsafe nftnl_table_nlmsg_build_payload(header, table)
      return false
    }
  }

  private mutating func chain(
    _ type: nf_tables_msg_types, _ flags: Int32, _ table: TableIdentity, _ value: Chain
  ) {
    guard let chain = unsafe nftnl_chain_alloc() else { return }
    defer { unsafe nftnl_chain_free(chain) }
    _ = unsafe nftnl_chain_set_str(chain, UInt16(NFTNL_CHAIN_TABLE.rawValue), table.name)
    _ = unsafe nftnl_chain_set_str(chain, UInt16(NFTNL_CHAIN_NAME.rawValue), value.name)
    if let base = value.base {
      _ = unsafe nftnl_chain_set_str(chain, UInt16(NFTNL_CHAIN_TYPE.rawValue), base.type.rawValue)
      unsafe nftnl_chain_set_u32(chain, UInt16(NFTNL_CHAIN_HOOKNUM.rawValue), base.hook.rawValue)
      unsafe nftnl_chain_set_s32(chain, UInt16(NFTNL_CHAIN_PRIO.rawValue), base.priority)
      unsafe nftnl_chain_set_u32(chain, UInt16(NFTNL_CHAIN_POLICY.rawValue), base.policy.rawValue)
    }
    unsafe message(type, table.family, flags: flags) { header in
      unsafe nftnl_chain_nlmsg_build_payload(header, chain)
      return false
    }
  }

  private mutating func delete(_ other: OtherObject, of table: TableIdentity) {
    switch other.kind {
    case .flowtable:
      unsafe message(NFT_MSG_DELFLOWTABLE, table.family, flags: 0) { header in
        unsafe mnl_attr_put_strz(header, UInt16(NFTA_FLOWTABLE_TABLE.rawValue), table.name)
        unsafe mnl_attr_put_strz(header, UInt16(NFTA_FLOWTABLE_NAME.rawValue), other.name)
        return false
      }
    case .stateful(let number):
      unsafe message(NFT_MSG_DELOBJ, table.family, flags: 0) { header in
        unsafe mnl_attr_put_strz(header, UInt16(NFTA_OBJ_TABLE.rawValue), table.name)
        unsafe mnl_attr_put_strz(header, UInt16(NFTA_OBJ_NAME.rawValue), other.name)
        unsafe mnl_attr_put_u32(header, UInt16(NFTA_OBJ_TYPE.rawValue), number.bigEndian)
        return false
      }
    }
  }
}
