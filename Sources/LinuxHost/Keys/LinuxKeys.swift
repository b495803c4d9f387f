package import Host
import SystemPackage

/// Keys under `data/keys`, made by `ssh-keygen`, for root alone.
package struct LinuxKeys: Keys {
  private let data: DataDirectory

  package init(_ data: DataDirectory) { self.data = data }

  package func keys(of constellation: String) async throws(HostError) -> [ObservedKey] {
    let folder = data.keys(constellation).string
    var all: [ObservedKey] = []
    if SmallFile.exists("\(folder)/client") {
      all.append(ObservedKey(use: .client, publicKey: try Self.publicKey("\(folder)/client"), isPinned: true))
    }
    var vms: Set<String> = []
    for name in try SmallFile.names(in: "\(folder)/hosts") ?? [] where !name.hasPrefix(".") {
      // One file of the pair is enough to say that there is something.
      vms.insert(name.hasSuffix(".pub") ? String(name.dropLast(4)) : name)
    }
    let pins = vms.isEmpty ? [] : try pins(of: constellation)
    for vm in vms.sorted() {
      let key = try Self.publicKey("\(folder)/hosts/\(vm)")
      let isPinned = key.map { pins.contains(Self.pin(vm, $0)) } ?? false
      all.append(ObservedKey(use: .host(vm: vm), publicKey: key, isPinned: isPinned))
    }
    return all
  }

  /// nil unless both files are there and the public one has the form of one.
  private static func publicKey(_ path: String) throws(HostError) -> String? {
    guard SmallFile.exists(path), let bytes = try SmallFile.read("\(path).pub", limit: 4096) else { return nil }
    let words = bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    guard words.count >= 2, words[0].elementsEqual("ssh-ed25519".utf8) else { return nil }
    return "ssh-ed25519 \(String(decoding: words[1], as: UTF8.self))"
  }

  private func publicFile(_ path: FilePath) -> FilePath { FilePath("\(path).pub") }

  private func pins(of constellation: String) throws(HostError) -> Set<String> {
    guard let bytes = try data.knownHosts(constellation).contentsIfPresent() else { return [] }
    return Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  /// The VM's name is the alias that ssh is told (`HostKeyAlias`), so that no address is pinned.
  private static func pin(_ vm: String, _ key: String) -> String { "\(vm) \(key)" }

  package func ensure(_ use: KeyUse, of constellation: String) async throws(HostError) {
    if try Self.publicKey(data.key(use, of: constellation).string) == nil { try await make(use, of: constellation) }
    if case .host = use { try await pin(constellation) }
  }

  private func make(_ use: KeyUse, of constellation: String) async throws(HostError) {
    let path = data.key(use, of: constellation)
    let folder = path.removingLastComponent()
    try folder.makeFolders()
    let beside = folder.appending(".\(use.name).tmp")
    try beside.unlink()
    try publicFile(beside).unlink()
    do throws(HostError) {
      try await Program(
        "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "meros \(constellation)", "-f", beside.string]
      ).run("create key \(use.name)")
      // The public half first: a private key without one counts as missing and is made anew.
      try publicFile(beside).rename(to: publicFile(path))
      try beside.rename(to: path)
    } catch {
      beside.unlinkQuietly()
      publicFile(beside).unlinkQuietly()
      throw error
    }
  }

  /// Writes `known_hosts` anew from all host keys. Keys of many VMs are made at once: one writer at a time.
  private func pin(_ constellation: String) async throws(HostError) {
    let lock = try await FileLock.await(data.temporary.appending("known-hosts-\(constellation).lock"))
    let lines = try await keys(of: constellation).compactMap { key -> String? in
      guard case .host(let vm) = key.use, let text = key.publicKey else { return nil }
      return Self.pin(vm, text)
    }
    let file = data.knownHosts(constellation)
    if lines.isEmpty {
      try file.unlink()
    } else if try pins(of: constellation) != Set(lines) {
      try file.replaceContents(Array(lines.map { $0 + "\n" }.joined().utf8))
    }
    _ = consume lock
  }

  package func remove(_ use: KeyUse, of constellation: String) async throws(HostError) {
    let path = data.key(use, of: constellation)
    try path.unlink()
    try publicFile(path).unlink()
    if case .host = use, data.keys(constellation).exists { try await pin(constellation) }
    data.keys(constellation).appending("hosts").removeIfEmpty()
    data.keys(constellation).removeIfEmpty()
  }
}
