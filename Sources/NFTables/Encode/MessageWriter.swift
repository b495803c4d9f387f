import CMnl
import CNftnl
import Network

/// Writes netlink messages one after the other, as one datagram.
struct MessageWriter {
  /// All messages so far, each padded.
  private(set) var bytes: [UInt8] = []
  /// What each message was about, by its sequence number.
  private(set) var objects: [UInt32: String] = [:]
  private var sequence: UInt32

  init(firstSequence: UInt32) { sequence = firstSequence }

  /// The first sequence number that no message has.
  var nextSequence: UInt32 { sequence }

  /// NFNL_MSG_BATCH_BEGIN; with a generation, the batch is refused once somebody else has committed.
  ///
  /// The corresponding C function is `nftnl_batch_begin`.
  mutating func begin(generation: UInt32?) {
    unsafe write("batch") { start, sequence in
      guard let header = unsafe nftnl_batch_begin(start, sequence) else { return nil }
      if let generation {
        unsafe mnl_attr_put_u32(header, UInt16(NFNL_BATCH_GENID.rawValue), generation.bigEndian)
      }
      return unsafe header
    }
  }

  /// NFNL_MSG_BATCH_END. A batch without it is checked and not done.
  ///
  /// The corresponding C function is `nftnl_batch_end`.
  mutating func end() {
    unsafe write("batch") { start, sequence in unsafe nftnl_batch_end(start, sequence) }
  }

  /// One message of the ruleset: `body` appends the attributes to the header and tells whether there is more to say in
  /// a further message of the same kind.
  ///
  /// The corresponding C function is `nftnl_nlmsg_build_hdr`.
  mutating func message(
    _ type: nf_tables_msg_types, _ family: TableFamily, flags: Int32, about object: String,
    body: (UnsafeMutablePointer<nlmsghdr>) -> Bool
  ) {
    var hasMore = true
    while hasMore {
      hasMore = false
      unsafe write(object) { start, sequence in
        guard
          let header = unsafe nftnl_nlmsg_build_hdr(
            start, UInt16(type.rawValue), UInt16(family.number), UInt16(truncatingIfNeeded: flags), sequence)
        else { return nil }
        hasMore = unsafe body(header)
        return unsafe header
      }
    }
  }

  private mutating func write(
    _ object: String, _ build: (UnsafeMutablePointer<CChar>, UInt32) -> UnsafeMutablePointer<nlmsghdr>?
  ) {
    // A message is a header and at most one nest of 65,535 bytes, besides names.
    unsafe withUnsafeTemporaryAllocation(byteCount: 1 << 17, alignment: 16) { buffer in
      guard let start = unsafe buffer.baseAddress?.bindMemory(to: CChar.self, capacity: buffer.count),
        let header = unsafe build(start, sequence)
      else { return }
      let length = unsafe Int(header.pointee.nlmsg_len)
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<length]))
      while bytes.count % 4 != 0 { bytes.append(0) }
    }
    objects[sequence] = object
    sequence &+= 1
  }
}
