import LinuxHost
import SystemPackage

/// Files on their way between this machine and a VM.
struct Copy: Equatable, Sendable {
  enum Direction: Sendable {
    case push, pull
  }

  let direction: Direction
  /// Files and trees where they are now; never empty.
  let sources: [String]
  /// Where they go.
  let destination: String
  /// The sources go into the destination, whatever is there now. false: a single file takes its name, unless a folder
  /// has it.
  var goesIntoFolder: Bool

  /// The folder of either side for what nobody gave a place.
  static let defaultFolder = "mos-shared"

  /// `LOCAL… [:REMOTE]`; nil when it is not that.
  init?(push paths: [String]) {
    var sources = paths
    var destination = Self.defaultFolder + "/"
    if let last = paths.last, last.hasPrefix(":") {
      sources.removeLast()
      destination = Self.remote(last)
    }
    // A file of such a name is ./:NAME.
    guard !sources.isEmpty, !sources.contains(where: { $0.isEmpty || $0.hasPrefix(":") }) else { return nil }
    self.init(.push, sources.map { Self.local(Self.trimmed($0)) }, to: destination)
  }

  /// `REMOTE… [LOCAL]`, where a REMOTE may have a colon in front; nil when it is not that.
  init?(pull paths: [String]) {
    var sources = paths
    var destination = Self.defaultFolder + "/"
    if paths.count > 1, let last = paths.last, !last.hasPrefix(":") {
      sources.removeLast()
      destination = last
    }
    guard !sources.isEmpty, !destination.isEmpty, !sources.contains(where: \.isEmpty) else { return nil }
    self.init(.pull, sources.map { Self.trimmed(Self.remote($0)) }, to: Self.local(destination))
  }

  private init(_ direction: Direction, _ sources: [String], to destination: String) {
    self.direction = direction
    self.sources = sources
    self.destination = destination
    goesIntoFolder = sources.count > 1 || destination.hasSuffix("/")
  }

  /// A path on the VM: relative to root's home, as `~/` is.
  private static func remote(_ text: String) -> String {
    var path = text.hasPrefix(":") ? text.dropFirst() : text[...]
    if path == "~" { path = "" }
    if path.hasPrefix("~/") { path = path.dropFirst(2).drop { $0 == "/" } }
    return path.isEmpty ? "./" : String(path)
  }

  /// No program takes it for an option, or for a place elsewhere.
  private static func local(_ path: String) -> String { path.hasPrefix("/") ? path : "./\(path)" }

  /// A tree is copied as what it is called, with a slash behind it or without.
  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }
}
