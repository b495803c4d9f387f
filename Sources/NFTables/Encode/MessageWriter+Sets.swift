import CMnl
import CNftnl
import Glibc
import Network

extension MessageWriter {
  /// NFT_MSG_NEWSET, without elements.
  mutating func add(_ value: SetDefinition, to table: TableIdentity) {
    guard let set = unsafe Self.allocateSet(value.name, of: table) else { return }
    defer { unsafe nftnl_set_free(set) }
    var flags: UInt32 = 0
    if value.isInterval { flags |= NFT_SET_INTERVAL.rawValue }
    if value.hasRangesInOneElement { flags |= NFT_SET_CONCAT.rawValue }
    unsafe nftnl_set_set_u32(set, UInt16(NFTNL_SET_KEY_TYPE.rawValue), SetDefinition.typeNumber(value.key))
    unsafe nftnl_set_set_u32(set, UInt16(NFTNL_SET_KEY_LEN.rawValue), UInt32(value.keyLength))
    switch value.value {
    case .verdict:
      flags |= NFT_SET_MAP.rawValue
      unsafe nftnl_set_set_u32(set, UInt16(NFTNL_SET_DATA_TYPE.rawValue), verdictType)
      unsafe nftnl_set_set_u32(set, UInt16(NFTNL_SET_DATA_LEN.rawValue), 0)
    case .fields(let fields):
      flags |= NFT_SET_MAP.rawValue
      unsafe nftnl_set_set_u32(set, UInt16(NFTNL_SET_DATA_TYPE.rawValue), SetDefinition.typeNumber(fields))
      let length = SetDefinition.length(of: fields)
      unsafe nftnl_set_set_u32(set, UInt16(NFTNL_SET_DATA_LEN.rawValue), UInt32(length))
    case nil: break
    }
    if value.hasRangesInOneElement {
      let lengths = value.key.map { UInt8($0.length) }
      _ = unsafe nftnl_set_set_data(set, UInt16(NFTNL_SET_DESC_CONCAT.rawValue), lengths, UInt32(lengths.count))
    }
    unsafe nftnl_set_set_u32(set, UInt16(NFTNL_SET_FLAGS.rawValue), flags)
    // The kernel wants a number even where nothing refers to the set by it.
    unsafe nftnl_set_set_u32(set, UInt16(NFTNL_SET_ID.rawValue), nextSequence)
    let data = UserData(for: value).bytes
    if !data.isEmpty {
      _ = unsafe nftnl_set_set_data(set, UInt16(NFTNL_SET_USERDATA.rawValue), data, UInt32(data.count))
    }
    unsafe message(NFT_MSG_NEWSET, table.family, flags: NLM_F_CREATE) { header in
      unsafe nftnl_set_nlmsg_build_payload(header, set)
      return false
    }
  }

  mutating func deleteSet(_ name: String, of table: TableIdentity) {
    guard let set = unsafe Self.allocateSet(name, of: table) else { return }
    defer { unsafe nftnl_set_free(set) }
    unsafe message(NFT_MSG_DELSET, table.family, flags: 0) { header in
      unsafe nftnl_set_nlmsg_build_payload(header, set)
      return false
    }
  }

  /// NFT_MSG_NEWSETELEM or NFT_MSG_DELSETELEM, in as many messages as the elements need: an attribute holds at most
  /// 65,535 bytes.
  mutating func elements(
    _ type: nf_tables_msg_types, _ flags: Int32, _ table: TableIdentity, _ definition: SetDefinition,
    _ elements: [SetElement]
  ) {
    guard let set = unsafe Self.allocateSet(definition.name, of: table) else { return }
    // Frees the elements too.
    defer { unsafe nftnl_set_free(set) }
    let isNew = type == NFT_MSG_NEWSETELEM
    for element in elements {
      unsafe Self.append(element, to: set, of: definition, isNew: isNew)
    }
    guard let iterator = unsafe nftnl_set_elems_iter_create(set) else { return }
    defer { unsafe nftnl_set_elems_iter_destroy(iterator) }
    unsafe message(type, table.family, flags: flags) { header in
      unsafe nftnl_set_elems_nlmsg_build_payload_iter(header, iterator) > 0
    }
  }

  private static func allocateSet(_ name: String, of table: TableIdentity) -> OpaquePointer? {
    guard let set = unsafe nftnl_set_alloc() else { return nil }
    _ = unsafe nftnl_set_set_str(set, UInt16(NFTNL_SET_TABLE.rawValue), table.name)
    _ = unsafe nftnl_set_set_str(set, UInt16(NFTNL_SET_NAME.rawValue), name)
    return unsafe set
  }

  private static func append(
    _ member: SetElement, to set: OpaquePointer, of definition: SetDefinition, isNew: Bool
  ) {
    guard let element = unsafe nftnl_set_elem_alloc() else { return }
    if member.key.isEmpty {
      // What every key matches that nothing else does; only others make it.
      unsafe nftnl_set_elem_set_u32(
        element, UInt16(NFTNL_SET_ELEM_FLAGS), UInt32(NFT_SET_ELEM_CATCHALL.rawValue))
    } else {
      unsafe put(NFTNL_SET_ELEM_KEY, member.key, element)
    }
    if let last = member.last, definition.hasRangesInOneElement { unsafe put(NFTNL_SET_ELEM_KEY_END, last, element) }
    if isNew {
      switch member.value {
      case .verdict(let verdict):
        unsafe nftnl_set_elem_set_u32(
          element, UInt16(NFTNL_SET_ELEM_VERDICT), UInt32(bitPattern: verdict.code))
        if let chain = verdict.chain {
          _ = unsafe nftnl_set_elem_set_str(element, UInt16(NFTNL_SET_ELEM_CHAIN), chain)
        }
      case .data(let data): unsafe put(NFTNL_SET_ELEM_DATA, data, element)
      case nil: break
      }
      if let comment = member.comment {
        let data = UserData(NFTNL_UDATA_SET_ELEM_COMMENT.rawValue, comment: comment).bytes
        unsafe put(NFTNL_SET_ELEM_USERDATA, data, element)
      }
    }
    unsafe nftnl_set_elem_add(set, element)
    // A plain range ends where the next key begins; the last of all has no end.
    guard definition.isInterval, !definition.hasRangesInOneElement, let last = member.last,
      let end = successor(of: last), let marker = unsafe nftnl_set_elem_alloc()
    else { return }
    unsafe put(NFTNL_SET_ELEM_KEY, end, marker)
    unsafe nftnl_set_elem_set_u32(marker, UInt16(NFTNL_SET_ELEM_FLAGS), NFT_SET_ELEM_INTERVAL_END.rawValue)
    unsafe nftnl_set_elem_add(set, marker)
  }

  private static func put(_ attribute: Int, _ bytes: [UInt8], _ element: OpaquePointer) {
    _ = unsafe nftnl_set_elem_set(element, UInt16(attribute), bytes, UInt32(bytes.count))
  }
}
