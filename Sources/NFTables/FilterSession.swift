import CMnl
import CNftnl
import Glibc
package import Netlink
package import Network

/// A conversation with nftables of one network namespace.
package struct FilterSession: ~Copyable {
  var socket: NetlinkSocket
  /// Whether the kernel takes NFT_TABLE_F_PERSIST (6.9 and later); nil before the first table was made.
  private var knowsPersist: Bool?

  /// NFT_TABLE_F_PERSIST, which the headers of Debian 12 lack.
  private static let persist: UInt32 = 4

  private init(socket: consuming NetlinkSocket) { self.socket = socket }

  package static func open(in namespace: NetworkNamespace = .current) throws(NFTablesError) -> FilterSession {
    do throws(NetlinkError) {
      return FilterSession(socket: try NetlinkSocket.open(.netfilter, in: namespace))
    } catch {
      throw .netlink(error)
    }
  }

  /// The number of the ruleset as it is now.
  package mutating func generation() throws(NFTablesError) -> UInt32 {
    do throws(NetlinkError) {
      return try readGeneration()
    } catch {
      throw .netlink(error)
    }
  }

  /// Every table, without its content.
  package mutating func headers() throws(NFTablesError) -> [TableHeader] {
    do throws(NetlinkError) {
      return try socket.dump(Self.request(NFT_MSG_GETTABLE), DecodedTable.init).map(\.header)
    } catch {
      throw .netlink(error)
    }
  }

  /// Those of the tables that exist, all as they were at one moment.
  package mutating func observe(_ identities: Set<TableIdentity>) throws(NFTablesError) -> RulesetObservation {
    // Where others never rest, the last look has to do: an operation that no longer fits is refused and looked at anew.
    let attempts = 3
    for attempt in 1...attempts {
      do throws(NetlinkError) {
        let before = try readGeneration()
        let tables = try readTables(identities)
        guard try readGeneration() == before || attempt == attempts else { continue }
        return RulesetObservation(generation: before, tables: tables)
      } catch {
        // A table or set went while it was read.
        guard error.code == ENOENT else { throw .netlink(error) }
      }
    }
    throw .overtaken
  }

  /// Sends the operations as one transaction, all or nothing.
  ///
  /// - Parameter generation: what the operations were made for; `overtaken` is thrown when somebody committed since.
  ///   nil does not look.
  /// - Parameter isTrial: only asks the kernel whether it would take them.
  package mutating func commit(
    _ operations: [Operation], generation: UInt32?, isTrial: Bool = false
  ) throws(NFTablesError) {
    guard !operations.isEmpty else { return }
    let makesTables = operations.contains { if case .addTable = $0 { true } else { false } }
    guard makesTables, knowsPersist == nil else {
      return try send(
        operations, generation: generation, isTrial: isTrial, tableFlags: knowsPersist == false ? 0 : Self.persist)
    }
    do throws(NFTablesError) {
      try send(operations, generation: generation, isTrial: isTrial, tableFlags: Self.persist)
      knowsPersist = true
    } catch .refused(let refusals) where refusals.contains(where: \.isUnknownFlag) {
      try send(operations, generation: generation, isTrial: isTrial, tableFlags: 0)
      knowsPersist = false
    }
  }

  /// The datagram that `commit` would send of these operations: to measure what the kernel alone takes.
  package static func batch(_ operations: [Operation]) throws(NFTablesError) -> [UInt8] {
    try written(operations, firstSequence: 1, generation: nil, isTrial: false, tableFlags: persist).bytes
  }

  private static func written(
    _ operations: [Operation], firstSequence: UInt32, generation: UInt32?, isTrial: Bool, tableFlags: UInt32
  ) throws(NFTablesError) -> MessageWriter {
    var writer = MessageWriter(firstSequence: firstSequence)
    writer.begin(generation: generation)
    for operation in operations where !writer.write(operation, tableFlags: tableFlags) {
      throw .unwritable(operation.object)
    }
    if !isTrial { writer.end() }
    return writer
  }

  private mutating func send(
    _ operations: [Operation], generation: UInt32?, isTrial: Bool, tableFlags: UInt32
  ) throws(NFTablesError) {
    let writer = try Self.written(
      operations, firstSequence: socket.nextSequence(), generation: generation, isTrial: isTrial,
      tableFlags: tableFlags)
    var refusals: [NFTablesError.Refusal] = []
    var isOvertaken = false
    do throws(NetlinkError) {
      try socket.send(unsafe writer.bytes.span.bytes)
      while let datagram = try receive() {
        datagram.forEach { header, message in
          guard header.type == UInt16(NLMSG_ERROR), let error = NetlinkError(answer: message, header: header) else {
            return
          }
          if error.code == ERESTART {
            isOvertaken = true
          } else {
            refusals.append(writer.refusal(error))
          }
        }
      }
    } catch {
      throw .netlink(error)
    }
    if isOvertaken { throw .overtaken }
    if !refusals.isEmpty { throw .refused(refusals) }
  }

  /// The next answer. Answers that found no room are as good as read: the first ones name what is wrong.
  private mutating func receive() throws(NetlinkError) -> NetlinkDatagram? {
    do throws(NetlinkError) {
      return try socket.receive()
    } catch {
      guard error.code == ENOBUFS else { throw error }
      return try socket.receive()
    }
  }
}

extension NFTablesError.Refusal {
  fileprivate var isUnknownFlag: Bool { object.hasPrefix("table ") && (errno == EOPNOTSUPP || errno == EINVAL) }
}
