import Glibc
package import Host
import SystemPackage

/// Entries of the store that somebody at work needs, held as long as the value lives or the process does. `gc` leaves
/// them alone.
package struct StoreLease: ~Copyable {
  private let files: [FilePath]
  private let lock: FileLock

  /// Waits while entries are being removed, which takes no time: what is found afterwards stays.
  package static func take(_ entries: Set<StoreAddress>, in data: DataDirectory) async throws(HostError) -> StoreLease {
    let gate = try await gate(data)
    let name = "\(prefix)\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    let list = data.temporary.appending("\(name).list")
    let place = data.temporary.appending("\(name).lock")
    // The lock first: a list without one is of somebody who died.
    guard let lock = try FileLock.take(place) else {
      throw HostError("hold entries of the store", .notOurs("lock \(place)"))
    }
    try list.replaceContents(Array(entries.sorted().map { "\($0)\n" }.joined().utf8))
    _ = consume gate
    return StoreLease(files: [list, place], lock: lock)
  }

  /// Nobody takes a lease while it is held, and nobody removes entries.
  static func gate(_ data: DataDirectory) async throws(HostError) -> FileLock {
    try await FileLock.await(data.temporary.appending("store.lock"))
  }

  /// What is held now. What those left who died is removed.
  static func held(in data: DataDirectory) throws(HostError) -> Set<StoreAddress> {
    var held: Set<StoreAddress> = []
    for file in try data.temporary.folderEntries() where file.string.hasPrefix(prefix) && file.extension == "list" {
      let list = data.temporary.appending(file)
      let place = data.temporary.appending("\(file.stem).lock")
      if let lock = try FileLock.take(place) {
        try list.unlink()
        try place.unlink()
        _ = consume lock
      } else if let bytes = try list.contentsIfPresent() {
        held.formUnion(String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { StoreAddress($0) })
      }
    }
    return held
  }

  private static let prefix = "lease-"

  private init(files: [FilePath], lock: consuming FileLock) {
    self.files = files
    self.lock = lock
  }

  deinit {
    for file in files { file.unlinkQuietly() }
  }
}
