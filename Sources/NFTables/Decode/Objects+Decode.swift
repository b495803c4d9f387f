import CNftnl
import Netlink
import Network

/// Where the attributes of an nftables message begin, in bytes: behind the header and `struct nfgenmsg`.
let attributesOffset = NetlinkHeader.length + 4

/// A table's own message.
struct DecodedTable {
  var header: TableHeader
  var flags: UInt32 = 0
  var handle: UInt64 = 0
  /// How many chains, sets, flowtables and stateful objects it has.
  var objectCount: UInt32 = 0

  /// nil for a family that this version does not know.
  init?(_ message: RawSpan) {
    guard let number = message.integer(UInt8.self, at: NetlinkHeader.length),
      let family = TableFamily(number: number)
    else { return nil }
    header = TableHeader(identity: TableIdentity(family, ""), comment: nil)
    message.forEachAttribute(from: attributesOffset) { type, value in
      switch UInt32(type) {
      case NFTA_TABLE_NAME.rawValue: header.identity.name = value.text
      case NFTA_TABLE_FLAGS.rawValue: flags = value.bigEndian() ?? 0
      case NFTA_TABLE_USE.rawValue: objectCount = value.bigEndian() ?? 0
      case NFTA_TABLE_HANDLE.rawValue: handle = value.bigEndian(UInt64.self) ?? 0
      case NFTA_TABLE_USERDATA.rawValue: header.comment = comment(in: value, type: NFTNL_UDATA_TABLE_COMMENT.rawValue)
      default: break
      }
    }
    header.isDormant = flags & UInt32(NFT_TABLE_F_DORMANT.rawValue) != 0
    header.isOwned = flags & UInt32(NFT_TABLE_F_OWNER.rawValue) != 0
  }
}

/// A chain's message.
struct DecodedChain {
  var table = ""
  var chain = Chain("")
  var handle: UInt64 = 0
  /// How many rules it has and how many rules lead to it.
  var useCount: UInt32 = 0

  init(_ message: RawSpan) {
    var hook: (number: UInt32, priority: Int32)?
    var policy: UInt32 = 1
    var kind = ""
    var unknown: Set<String> = []
    message.forEachAttribute(from: attributesOffset) { type, value in
      switch UInt32(type) {
      case NFTA_CHAIN_TABLE.rawValue: table = value.text
      case NFTA_CHAIN_NAME.rawValue: chain.name = value.text
      case NFTA_CHAIN_HANDLE.rawValue: handle = value.bigEndian(UInt64.self) ?? 0
      case NFTA_CHAIN_USE.rawValue: useCount = value.bigEndian() ?? 0
      case NFTA_CHAIN_POLICY.rawValue: policy = value.bigEndian() ?? 1
      case NFTA_CHAIN_TYPE.rawValue: kind = value.text
      case NFTA_CHAIN_HOOK.rawValue:
        var found: (number: UInt32, priority: Int32) = (0, 0)
        value.forEachAttribute { type, value in
          switch UInt32(type) {
          case NFTA_HOOK_HOOKNUM.rawValue: found.number = value.bigEndian() ?? 0
          case NFTA_HOOK_PRIORITY.rawValue: found.priority = value.bigEndian(Int32.self) ?? 0
          default: unknown.insert("device")
          }
        }
        hook = found
      case NFTA_CHAIN_FLAGS.rawValue:
        let others = (value.bigEndian() ?? 0) & ~UInt32(NFT_CHAIN_BASE.rawValue)
        if others != 0 { unknown.insert("flags \(others)") }
      default: break
      }
    }
    guard let hook else { return }
    if Chain.Kind(rawValue: kind) == nil { unknown.insert("type \(kind)") }
    if Chain.Hook(rawValue: hook.number) == nil { unknown.insert("hook \(hook.number)") }
    chain.base = Chain.Base(
      Chain.Kind(rawValue: kind) ?? .filter, Chain.Hook(rawValue: hook.number) ?? .prerouting,
      priority: hook.priority, policy: policy == 0 ? .drop : .accept, unknown: unknown)
  }
}

/// A rule's message.
struct DecodedRule {
  var chain = ""
  var handle: UInt64 = 0
  var rule = Rule([])

  init(_ message: RawSpan) {
    message.forEachAttribute(from: attributesOffset) { type, value in
      switch UInt32(type) {
      case NFTA_RULE_CHAIN.rawValue: chain = value.text
      case NFTA_RULE_HANDLE.rawValue: handle = value.bigEndian(UInt64.self) ?? 0
      case NFTA_RULE_USERDATA.rawValue: rule.comment = comment(in: value, type: NFTNL_UDATA_RULE_COMMENT.rawValue)
      case NFTA_RULE_EXPRESSIONS.rawValue:
        value.forEachAttribute { _, value in
          if let expression = Expression(value) { rule.expressions.append(expression) }
        }
      default: break
      }
    }
  }
}

extension OtherObject {
  /// Reads the message of a stateful object, or of a flowtable; nil where it has no name.
  init?(_ message: RawSpan, isFlowtable: Bool) {
    var name = ""
    var number: UInt32 = 0
    let nameType = isFlowtable ? NFTA_FLOWTABLE_NAME.rawValue : NFTA_OBJ_NAME.rawValue
    message.forEachAttribute(from: attributesOffset) { type, value in
      if UInt32(type) == nameType { name = value.text }
      if !isFlowtable, UInt32(type) == NFTA_OBJ_TYPE.rawValue { number = value.bigEndian() ?? 0 }
    }
    guard !name.isEmpty else { return nil }
    self.init(isFlowtable ? .flowtable : .stateful(number), name)
  }
}
