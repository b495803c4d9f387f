import CMnl
import CNftnl
import Glibc
import Network

extension MessageWriter {
  /// NFT_MSG_NEWRULE. False when an expression can only be read.
  mutating func add(
    _ value: Rule, to chain: String, of table: TableIdentity, before: UInt64?
  ) -> Bool {
    guard let rule = unsafe Self.allocateRule(of: chain, of: table) else { return false }
    defer { unsafe nftnl_rule_free(rule) }
    if let before { unsafe nftnl_rule_set_u64(rule, UInt16(NFTNL_RULE_POSITION.rawValue), before) }
    if let comment = value.comment {
      let data = UserData(NFTNL_UDATA_RULE_COMMENT.rawValue, comment: comment).bytes
      _ = unsafe nftnl_rule_set_data(rule, UInt16(NFTNL_RULE_USERDATA.rawValue), data, UInt32(data.count))
    }
    for expression in value.expressions {
      guard let encoded = unsafe expression.encoded() else { return false }
      unsafe nftnl_rule_add_expr(rule, encoded)
    }
    // With NLM_F_APPEND a position means behind it, without, before it.
    let flags = before == nil ? NLM_F_CREATE | NLM_F_APPEND : NLM_F_CREATE
    unsafe message(NFT_MSG_NEWRULE, table.family, flags: flags) { header in
      unsafe nftnl_rule_nlmsg_build_payload(header, rule)
      return false
    }
    return true
  }

  mutating func deleteRule(_ handle: UInt64, of chain: String, of table: TableIdentity) {
    guard let rule = unsafe Self.allocateRule(of: chain, of: table) else { return }
    defer { unsafe nftnl_rule_free(rule) }
    unsafe nftnl_rule_set_u64(rule, UInt16(NFTNL_RULE_HANDLE.rawValue), handle)
    unsafe message(NFT_MSG_DELRULE, table.family, flags: 0) { header in
      unsafe nftnl_rule_nlmsg_build_payload(header, rule)
      return false
    }
  }

  private static func allocateRule(of chain: String, of table: TableIdentity) -> OpaquePointer? {
    guard let rule = unsafe nftnl_rule_alloc() else { return nil }
    _ = unsafe nftnl_rule_set_str(rule, UInt16(NFTNL_RULE_TABLE.rawValue), table.name)
    _ = unsafe nftnl_rule_set_str(rule, UInt16(NFTNL_RULE_CHAIN.rawValue), chain)
    return unsafe rule
  }
}
