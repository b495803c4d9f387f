import CNftnl
import Network

/// A row of (type, length, value), as nft leaves it for itself with what it makes. The kernel does not read it.
struct UserData {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ type: UInt32, _ value: [UInt8]) {
    guard value.count <= 255 else { return }
    bytes += [UInt8(type), UInt8(value.count)] + value
  }

  /// A text that ends with NUL; longer ones than nft takes are cut.
  mutating func put(_ type: UInt32, comment: String) {
    put(type, Array(comment.utf8.prefix(Int(NFTNL_UDATA_COMMENT_MAXLEN) - 1)) + [0])
  }

  init() {}

  init(_ type: UInt32, comment: String) { put(type, comment: comment) }

  /// What nft needs to list a set: without it names of links would come out empty and marks swapped.
  init(for set: SetDefinition) {
    let isHostOrder: (FieldType) -> Bool = { $0 == .link || $0 == .mark || $0 == .conntrackState }
    if set.key.count == 1, isHostOrder(set.key[0]) {
      put(NFTNL_UDATA_SET_KEYBYTEORDER.rawValue, UInt32(1).nativeBytes)
    }
    if case .fields(let fields) = set.value, fields.count == 1, isHostOrder(fields[0]) {
      put(NFTNL_UDATA_SET_DATABYTEORDER.rawValue, UInt32(1).nativeBytes)
    }
    if set.key.contains(.neighborTarget) { putTypes(of: set.key) }
  }

  /// `typeof iifname . ether saddr . @th,64,128`: the only way to name a type that is but a number of bits. The
  /// numbers are nft's own (`enum expr_types`, `enum proto_desc_id`).
  private mutating func putTypes(of fields: [FieldType]) {
    let described = fields.compactMap(Self.expression)
    guard described.count == fields.count else { return }
    var parts = UserData()
    for (index, part) in described.enumerated() { parts.put(UInt32(index), part.bytes) }
    var type = UserData()
    type.put(UInt32(NFTNL_UDATA_SET_TYPEOF_EXPR), UInt32(13).nativeBytes)
    type.put(UInt32(NFTNL_UDATA_SET_TYPEOF_DATA), parts.bytes)
    put(NFTNL_UDATA_SET_KEY_TYPEOF.rawValue, type.bytes)
  }

  /// An expression that has the field's type; nil where none is needed yet.
  private static func expression(_ field: FieldType) -> UserData? {
    switch field {
    case .link: nested(9, [6])
    case .mac: nested(7, [17, 2])
    case .neighborTarget: nested(7, [0, 0, 3, 64, 128])
    case .ipv4, .ipv6, .transport, .port, .icmpType, .mark, .conntrackState, .icmp6Type: nil
    }
  }

  private static func nested(_ kind: UInt32, _ numbers: [UInt32]) -> UserData {
    var inner = UserData()
    for (index, number) in numbers.enumerated() { inner.put(UInt32(index), number.nativeBytes) }
    var outer = UserData()
    outer.put(UInt32(NFTNL_UDATA_SET_TYPEOF_EXPR), kind.nativeBytes)
    outer.put(UInt32(NFTNL_UDATA_SET_TYPEOF_DATA), inner.bytes)
    return outer
  }
}
