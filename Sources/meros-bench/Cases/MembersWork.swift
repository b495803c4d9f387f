import Glibc
import LinuxHost
import NFTables
import Netlink
import Network
import SystemPackage

/// The deeds of `MembersCase`, each timed without what it prepares.
struct MembersWork {
  private let stage: Stage
  private let filter: LinuxPacketFilter
  private let table: Table
  /// The same with one other member in place of the last.
  private let changed: Table
  private let operations: [Operation]
  private let file: FilePath
  private let list: FilePath
  /// nft's words for the way from `table` to `changed`, and back.
  private let forth: FilePath
  private let back: FilePath

  private static let set = "members"
  private static let identity = TableIdentity(.inet, "meros_bench")

  init(_ members: Members, _ stage: Stage) throws {
    self.stage = stage
    filter = LinuxPacketFilter(in: stage.namespace)
    let (all, last, other) = (0..<Members.count, Members.count - 1, Members.count)
    let header = TableHeader(identity: Self.identity, comment: nil)
    table = Table(header: header, sets: [members.definition(Self.set, all)])
    changed = Table(header: header, sets: [members.definition(Self.set, all.dropLast() + [other])])
    operations = NFTables.operations(from: [:], to: [table])

    file = stage.folder.appending("table.nft")
    forth = stage.folder.appending("forth.nft")
    back = stage.folder.appending("back.nft")
    list = stage.folder.appending("list")
    let text = all.map(members.words).joined(separator: ",\n")
    let set = "set \(Self.set) {\n\(members.words)\nelements = {\n\(text)\n}\n}"
    try file.replaceContents(Array("table \(Self.identity) {\n\(set)\n}\n".utf8))
    try forth.replaceContents(Self.swap(members.words(last), members.words(other)))
    try back.replaceContents(Self.swap(members.words(other), members.words(last)))
  }

  private static func swap(_ gone: String, _ come: String) -> [UInt8] {
    let place = "element \(identity) \(set)"
    return Array("delete \(place) { \(gone) }\nadd \(place) { \(come) }\n".utf8)
  }

  func clear() throws {
    var session = try FilterSession.open(in: stage.namespace)
    if try session.headers().contains(where: { $0.identity == Self.identity }) {
      try session.commit([.deleteTable(Self.identity)], generation: nil)
    }
  }

  func isAsWanted() async throws -> Bool { try await filter.observe([Self.identity]).map(\.sets) == [table.sets] }

  private func nft(_ arguments: String..., output: FilePath? = nil) throws {
    try Child.run(["nft"] + arguments, in: stage.namespace, output: output ?? list)
  }

  func loadByNFT() throws { try nft("-f", file.string) }

  func timedLoadByNFT() async throws -> Duration {
    try clear()
    return try await elapsed { try loadByNFT() }
  }

  func load() async throws -> Duration {
    try clear()
    return try await elapsed { try await filter.commit([table]) }
  }

  func observe() async throws -> Duration { try await elapsed { _ = try await filter.observe([Self.identity]) } }

  func listByNFT() async throws -> Duration {
    try await elapsed { try nft("-j", "list", "table", "inet", Self.identity.name, output: list) }
  }

  /// Ten times there or back; the median, since one takes less than the machine's other work may stop it for.
  func changeOne() async throws -> Duration {
    let there = NFTables.operations(from: [Self.identity: ObservedTable(table: table)], to: [changed])
    let home = NFTables.operations(from: [Self.identity: ObservedTable(table: changed)], to: [table])
    var session = try FilterSession.open(in: stage.namespace)
    var durations: [Duration] = []
    for operations in [there, home, there, home, there, home, there, home, there, home] {
      let generation = try session.generation()
      let start = ContinuousClock.now
      try session.commit(operations, generation: generation)
      durations.append(.now - start)
    }
    return durations.median
  }

  func changeOneWhole() async throws -> Duration {
    try await elapsed {
      try await filter.commit([changed])
      try await filter.commit([table])
    } / 2
  }

  func changeOneByNFT() async throws -> Duration {
    try await elapsed {
      try nft("-f", forth.string)
      try nft("-f", back.string)
    } / 2
  }

  /// The operations to the kernel, from the values on.
  func commit() async throws -> Duration {
    try clear()
    var session = try FilterSession.open(in: stage.namespace)
    let start = ContinuousClock.now
    try session.commit(operations, generation: nil)
    return .now - start
  }

  /// The same bytes, made before, by as little as it takes.
  func sendBare() async throws -> Duration {
    try clear()
    let bytes = try FilterSession.batch(operations)
    var socket = try NetlinkSocket.open(.netfilter, in: stage.namespace)
    let start = ContinuousClock.now
    try socket.send(unsafe bytes.span.bytes)
    while try socket.receive() != nil {}
    return .now - start
  }
}
