import Glibc
import Host
import SystemPackage

/// `/run/meros/DATA/CONSTELLATION/BRIDGE`: what the name server of a bridge reads, and what it says.
///
/// It lies outside the data directory, since dnsmasq opens its files by their names, closes whatever it inherits, and
/// runs as a user who may not look into that directory.
struct NameserverFolder: Sendable {
  let path: FilePath
  /// The user that the name server runs as.
  private let owner: UInt32

  private static let root = FilePath("/run/meros")

  /// nil for a name that no folder can have: marks are read from processes that are not trusted.
  init?(_ name: String, of scope: Scope) {
    guard let component = FilePath.Component(name), component.kind == .regular else { return nil }
    path = Self.all(of: scope).appending(component)
    owner = scope.uid
  }

  /// The bridges whose name servers have a folder.
  static func names(of scope: Scope) throws(HostError) -> [String] {
    try SmallFile.names(in: all(of: scope).string) ?? []
  }

  private static func all(of scope: Scope) -> FilePath {
    root.appending(scope.data.text).appending(scope.constellation)
  }

  var hosts: FilePath { path.appending("hosts") }
  var servers: FilePath { path.appending("servers") }
  var log: FilePath { path.appending("log") }
  /// A copy of `hosts`, written once the process was told to read it.
  private var told: FilePath { path.appending("told") }

  /// Makes the folders, whatever the caller's umask, so that the name server alone can look into its own.
  private func prepare() throws(HostError) {
    try path.makeFolders()
    let parents = [Self.root] + [path.removingLastComponent().removingLastComponent(), path.removingLastComponent()]
    for folder in parents { try Self.permit(folder, 0o711, group: 0) }
    try Self.permit(path, 0o750, group: owner)
  }

  /// Makes the folder where it is missing, writes the files, has `body` tell the process of them, and notes that it was told. Interrupted anywhere, it counts
  /// as not told.
  func tell(_ table: NameTable, _ body: () async throws(HostError) -> Void) async throws(HostError) {
    try prepare()
    try told.unlink()
    try write(table.servers, to: servers)
    try write(table.hosts, to: hosts)
    try await body()
    try write(table.hosts, to: told)
  }

  /// What the process was told last; nil when that is not known, or somebody changed the files since.
  /// - Parameter known: what it may well be: every bridge of a constellation has the same.
  func table(like known: NameTable? = nil) -> NameTable? {
    guard let text = text(told), text == self.text(hosts),
      let table = known?.hosts == text ? known : NameTable(hosts: text), self.text(servers) == table.servers
    else { return nil }
    return table
  }

  /// Opens an empty log.
  func openLog() throws(HostError) -> Int32 {
    try log.unlink()
    let descriptor = unsafe log.withPlatformString {
      unsafe open($0, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    guard descriptor >= 0 else { throw HostError("open \(log)", .lastCall("open")) }
    return descriptor
  }

  /// Deletes the folder, and those above it that are empty then.
  func remove() throws(HostError) {
    try path.removeTree()
    var folder = path.removingLastComponent()
    while folder.starts(with: Self.root) {
      folder.removeIfEmpty()
      folder.removeLastComponent()
    }
  }

  private func write(_ text: String, to file: FilePath) throws(HostError) {
    try file.replaceContents(Array(text.utf8))
    try Self.permit(file, 0o640, group: owner)
  }

  private static func permit(_ path: FilePath, _ mode: mode_t, group: UInt32) throws(HostError) {
    let result = unsafe path.withPlatformString { unsafe chown($0, 0, group) == 0 ? chmod($0, mode) : -1 }
    guard result == 0 else { throw HostError("write \(path)", .lastCall("chown")) }
  }

  private func text(_ file: FilePath) -> String? {
    // What cannot be read is not known.
    guard let bytes = (try? SmallFile.read(file.string, limit: 16 << 20)) ?? nil else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
