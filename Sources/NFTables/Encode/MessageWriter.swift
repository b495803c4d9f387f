import CMnl
import CNftnl
import Netlink
import Network

/// Writes netlink messages one after the other, as one datagram.
struct MessageWriter {
  /// All messages so far, each padded.
  private(set) var bytes: [UInt8] = []
  /// What is being written; nil for what only frames a batch.
  var subject: Operation?
  private var messages: [UInt32: Message] = [:]
  private var sequence: UInt32

  private struct Message {
    /// nil for what only frames a batch.
    var subject: Operation?
    /// Where its header lies in `bytes`.
    var range: Range<Int>
  }

  init(firstSequence: UInt32) { sequence = firstSequence }

  /// The first sequence number that no message has.
  var nextSequence: UInt32 { sequence }

  /// NFNL_MSG_BATCH_BEGIN; with a generation, the batch is refused once somebody else has committed.
  ///
  /// The corresponding C function is `nftnl_batch_begin`.
  mutating func begin(generation: UInt32?) {
    subject = nil
    unsafe write { start, sequence in
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
    subject = nil
    unsafe write { start, sequence in unsafe nftnl_batch_end(start, sequence) }
  }

  /// One message of the ruleset: `body` appends the attributes to the header and tells whether there is more to say in
  /// a further message of the same kind.
  ///
  /// The corresponding C function is `nftnl_nlmsg_build_hdr`.
  mutating func message(
    _ type: nf_tables_msg_types, _ family: TableFamily, flags: Int32,
    body: (UnsafeMutablePointer<nlmsghdr>) -> Bool
  ) {
    var hasMore = true
    while hasMore {
      hasMore = false
      unsafe write { start, sequence in
        guard
          let header = unsafe nftnl_nlmsg_build_hdr(
            start, UInt16(type.rawValue), UInt16(family.number), UInt16(truncatingIfNeeded: flags), sequence)
        else { return nil }
        hasMore = unsafe body(header)
        return unsafe header
      }
    }
  }

  /// What the kernel refused with this answer.
  func refusal(_ error: NetlinkError) -> NFTablesError.Refusal {
    guard let message = error.sequence.flatMap({ messages[$0] }), let subject = message.subject else {
      return NFTablesError.Refusal(object: "batch", errno: error.code)
    }
    guard case .addElements(let table, let set, let elements) = subject else {
      return NFTablesError.Refusal(object: subject.object, errno: error.code)
    }
    let refused = refusedElement(in: message.range, at: error.offset, of: set, among: elements)
    let named = refused.map { Operation.addElements(table, set, [$0]) } ?? subject
    return NFTablesError.Refusal(object: named.object, errno: error.code, comment: refused?.comment)
  }

  /// The member that the attribute at this offset of the message stands for; nil where none can be told.
  private func refusedElement(
    in message: Range<Int>, at offset: UInt32?, of set: SetDefinition, among elements: [SetElement]
  ) -> SetElement? {
    if elements.count == 1 { return elements[0] }
    guard let offset, offset < message.count else { return nil }
    var key: [UInt8]?
    unsafe bytes.span.bytes.extracting(message).forEachAttribute(from: Int(offset)) { _, value in
      key = key ?? DecodedElement(value).element.key
    }
    guard let key else { return nil }
    // The end of a plain range is told by the key behind it.
    return elements.first { $0.key == key || $0.last.flatMap(successor) == key }
  }

  private mutating func write(_ build: (UnsafeMutablePointer<CChar>, UInt32) -> UnsafeMutablePointer<nlmsghdr>?) {
    let begin = bytes.count
    // A message is a header and at most one nest of 65,535 bytes, besides names.
    unsafe withUnsafeTemporaryAllocation(byteCount: 1 << 17, alignment: 16) { buffer in
      guard let start = unsafe buffer.baseAddress?.bindMemory(to: CChar.self, capacity: buffer.count),
        let header = unsafe build(start, sequence)
      else { return }
      let length = unsafe Int(header.pointee.nlmsg_len)
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<length]))
      while bytes.count % 4 != 0 { bytes.append(0) }
    }
    messages[sequence] = Message(subject: subject, range: begin..<bytes.count)
    sequence &+= 1
  }
}
