import Glibc
package import Host
import Network
import SystemPackage

/// The store under `data/store`: one folder per entry, complete from the moment it has its name.
package struct LinuxStore: Store {
  private let data: DataDirectory
  /// The `/init` of the initramfs that goes with every kernel.
  private let initScript: String
  private let known = KnownEntries()
  /// What is known of the files that builds start from; nil: they are read.
  private let cache: DigestCache?
  /// How long a hook may take, in seconds.
  private let hookLimit: Int

  package init(
    _ data: DataDirectory, initScript: String = GuestInit.script, cache: DigestCache? = nil, hookLimit: Int = 1800
  ) {
    self.data = data
    self.initScript = initScript
    self.cache = cache
    self.hookLimit = hookLimit
  }

  package func entries() async throws(HostError) -> [StoreEntry] {
    var all: [StoreEntry] = []
    for kind in StoreKind.allCases {
      for name in try data.store.appending(kind.rawValue).folderEntries() {
        if let entry = try entry(kind, name.string) { all.append(entry) }
      }
    }
    return all
  }

  /// nil where there is none of this name, or what it is there for got lost.
  private func entry(_ kind: StoreKind, _ name: String) throws(HostError) -> StoreEntry? {
    let folder = data.entry(kind, name)
    guard let entry = try known.entry(of: folder), entry.kind == kind, entry.name == name,
      folder.appending(kind.mainFile).exists
    else { return nil }
    return entry
  }

  package func build(_ recipe: Recipe, rebuild: Bool, progress: Progress) async throws(HostError) {
    let attempted = "build \(recipe.kind.rawValue) \(recipe.name)"
    if !rebuild, try entry(recipe.kind, recipe.name)?.fingerprint == recipe.fingerprint { return }
    let lock = try await FileLock.await(lockFile(recipe.fingerprint.text)) {
      progress.report(Progress.Report("waiting for another build of the same"))
    }
    // Who waited for the lock finds it built.
    if !rebuild, try entry(recipe.kind, recipe.name)?.fingerprint == recipe.fingerprint { return }
    try sweep(held: recipe.fingerprint)
    let lease = try await StoreLease.take(
      recipe.standsOn.union([StoreAddress(recipe.kind, recipe.name)]), in: data)

    let started = ContinuousClock.now
    let folder = data.store.appending(Self.temporaryPrefix + recipe.fingerprint.text)
    try folder.makeFolders()
    try data.logs.makeFolders()
    let log = data.logs.appending("\(recipe.kind.rawValue)-\(recipe.name).log")
    try log.unlink()
    do throws(HostError) {
      let builder = Builder(
        data: data, folder: folder, attempted: attempted, log: log, progress: progress, cache: cache,
        hookLimit: hookLimit)
      try await builder.build(recipe, anew: rebuild, initScript: initScript)
      let result = folder.appending(recipe.kind.mainFile)
      // The disk writes while the processor adds up.
      async let written = Result { () throws(HostError) in try result.sync() }
      let digest = try FileDigest.of(result)
      try await written.get()
      let entry = StoreEntry(
        kind: recipe.kind, name: recipe.name, fingerprint: recipe.fingerprint, inputs: recipe.inputs,
        digest: digest, duration: .now - started, standsOn: recipe.standsOn)
      try folder.appending("entry.json").replaceContents(Array("\(entry.json)\n".utf8))
      try finish(folder, as: data.entry(recipe.kind, recipe.name))
      try publish(recipe)
    } catch {
      // The failure is what matters; what cannot be removed now is swept by the next build.
      try? folder.removeTree()
      throw error
    }
    _ = consume lease
    _ = consume lock
  }

  package func items() async throws(HostError) -> [StoreItem] {
    let users = try StoreUsage(data: data).users()
    var items: [StoreItem] = []
    for entry in try await entries() {
      let folder = data.entry(entry.kind, entry.name)
      var size: Int64 = 0
      // One that goes meanwhile takes nothing.
      for file in try folder.filesBelow() { size += ((try? file.stat())?.blocksAllocated ?? 0) * 512 }
      let address = StoreAddress(entry.kind, entry.name)
      items.append(
        StoreItem(
          entry: entry, size: ByteCount(bytes: UInt64(max(size, 0))), users: users[address] ?? []))
    }
    return items
  }

  package func remove(_ entries: [StoreAddress]) async throws(HostError) -> [StoreAddress] {
    // Whoever begins to need an entry waits until it is gone or stays.
    let gate = try await StoreLease.gate(data)
    let users = try StoreUsage(data: data).users()
    var gone: [(address: StoreAddress, place: FilePath)] = []
    for address in entries where users[address, default: []].isEmpty {
      let place = aside
      do throws(HostError) {
        try data.entry(address.kind, address.name).rename(to: place)
        gone.append((address, place))
      } catch  where error.isMissingFile {
        continue
      }
    }
    _ = consume gate
    for (_, place) in gone { try place.removeTree() }
    return gone.map(\.address)
  }

  package func packages(of image: String) async throws(HostError) -> [InstalledPackage]? {
    try InstalledPackage.read(in: data.entry(.image, image))
  }

  /// Puts a compiled kernel where a person finds the one that was asked for last, for whatever else boots it. Throws
  /// where it is not in the store.
  package func publish(_ recipe: Recipe) throws(HostError) {
    guard case .kernel(.git(let source)) = recipe.source else { return }
    let place = data.newestKernel(Builder.imageName(of: source.arch))
    let kernel = try data.entry(.kernel, recipe.name).appending(StoreKind.kernel.mainFile).contents(limit: 1 << 30)
    if try place.contentsIfPresent(limit: 1 << 30) == kernel { return }
    try place.removingLastComponent().makeFolders()
    try place.replaceContents(kernel)
  }

  /// Syncs the folder and gives it its name, in place of what had it.
  private func finish(_ folder: FilePath, as place: FilePath) throws(HostError) {
    try place.removingLastComponent().makeFolders()
    for name in try folder.folderEntries() { try folder.appending(name).sync() }
    try folder.sync()
    if place.exists {
      let aside = aside
      try place.rename(to: aside)
      try folder.rename(to: place)
      try aside.removeTree()
    } else {
      try folder.rename(to: place)
    }
    try place.removingLastComponent().sync()
  }

  /// A new name for what is removed: it vanishes at once, and then takes its time.
  private var aside: FilePath {
    data.store.appending(Self.temporaryPrefix + "old-" + String(UInt64.random(in: 0 ... .max), radix: 36))
  }

  private static let temporaryPrefix = ".tmp-"

  private func lockFile(_ name: String) -> FilePath { data.temporary.appending("build-\(name).lock") }

  /// Deletes what killed builds left: a folder whose lock nobody holds. `held` is our own.
  private func sweep(held: Fingerprint) throws(HostError) {
    for name in try data.store.folderEntries() where name.string.hasPrefix(Self.temporaryPrefix) {
      let owner = String(name.string.dropFirst(Self.temporaryPrefix.count))
      if owner == held.text {
        try data.store.appending(name).removeTree()
      } else if let lock = try FileLock.take(lockFile(owner)) {
        try data.store.appending(name).removeTree()
        _ = consume lock
      }
    }
  }
}

extension StoreKind {
  /// The file that the entry is there for.
  package var mainFile: String {
    switch self {
    case .kernel: "kernel"
    case .rootfs: "rootfs.tar"
    case .image: "image.qcow2"
    }
  }
}
