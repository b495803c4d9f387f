import Glibc
import Host
import SystemPackage

/// Sees that machines of a constellation are about to be started: their sockets are made just before.
@safe
struct StartWatch: ~Copyable {
  let descriptor: Int32
  /// `data/run`
  private let shelf: FilePath
  private let constellation: String
  /// Whose folder is watched, by the number of the watch.
  private var machines: [Int32: String] = [:]

  /// Makes `data/run` where it is missing: what is to come must be seen.
  static func open(_ data: DataDirectory, _ constellation: String) throws(HostError) -> StartWatch {
    let shelf = data.run("", of: constellation).removingLastComponent()
    try shelf.makeFolders()
    let descriptor = inotify_init1(Int32(O_CLOEXEC | O_NONBLOCK))
    guard descriptor >= 0 else { throw HostError("watch \(shelf)", .lastCall("inotify_init1")) }
    return StartWatch(descriptor: descriptor, shelf: shelf, constellation: constellation)
  }

  private init(descriptor: Int32, shelf: FilePath, constellation: String) {
    self.descriptor = descriptor
    self.shelf = shelf
    self.constellation = constellation
  }

  deinit { _ = close(descriptor) }

  /// Those whose sockets were made since the last time; at first those that have some.
  mutating func starting() -> Set<String> {
    var names: Set<String> = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      for (number, isGone, name) in Self.events(buffer[..<count]) {
        if isGone { machines[number] = nil }
        if name == RunFolder.Socket.control.rawValue, let machine = machines[number] { names.insert(machine) }
      }
    }
    // A folder may hold its sockets by the time that it is watched.
    return names.union(refresh())
  }

  /// Watches what has come, and gives the machines of it that have sockets.
  private mutating func refresh() -> Set<String> {
    watch(shelf)
    let folder = shelf.appending(constellation)
    guard watch(folder) != nil else { return [] }
    var names: Set<String> = []
    // One that goes meanwhile has no sockets.
    for name in (try? folder.folderEntries()) ?? [] {
      guard let number = watch(folder.appending(name)), machines[number] == nil else { continue }
      machines[number] = name.string
      if folder.appending(name).appending(RunFolder.Socket.control.rawValue).exists { names.insert(name.string) }
    }
    return names
  }

  /// The number of the watch, the same for the same folder; nil where there is no such folder.
  @discardableResult
  private mutating func watch(_ folder: FilePath) -> Int32? {
    let number = unsafe folder.withPlatformString {
      unsafe inotify_add_watch(descriptor, $0, UInt32(IN_CREATE | IN_MOVED_TO | IN_ONLYDIR))
    }
    return number >= 0 ? number : nil
  }

  /// `struct inotify_event`: the watch, the mask, a cookie, the length of the name (32 bits each), the name.
  private static func events(_ bytes: ArraySlice<UInt8>) -> [(watch: Int32, isGone: Bool, name: String)] {
    func number(_ at: Int) -> Int {
      bytes[at..<(at + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    var events: [(Int32, Bool, String)] = []
    var start = bytes.startIndex
    while start + 16 <= bytes.endIndex {
      let end = start + 16 + number(start + 12)
      guard end <= bytes.endIndex else { break }
      let name = bytes[(start + 16)..<end].prefix { $0 != 0 }
      events.append(
        (
          Int32(truncatingIfNeeded: number(start)), number(start + 4) & Int(IN_IGNORED) != 0,
          String(decoding: name, as: UTF8.self)
        ))
      start = end
    }
    return events
  }
}
