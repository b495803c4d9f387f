import Host
import SystemPackage

extension Builder {
  /// Makes the files of the entry in the folder; `anew`, without what was made before and could be taken.
  func build(_ recipe: Recipe, anew: Bool, initScript: String) async throws(HostError) {
    switch recipe.source {
    case .kernel(let source): try await kernel(source, recipe, anew: anew, initScript: initScript)
    case .rootfs(let source): try await rootfs(source)
    case .image(let source):
      let archives = try archive(source.includes, inputs: recipe.inputs)
      let hooks = try copy(source.hooks, inputs: recipe.inputs)
      try await image(source, fingerprint: recipe.fingerprint, archives: archives, hooks: hooks)
      try remove(archives + ["hooks"])
    case .patch(let source):
      let archives = try archive(source.includes, inputs: recipe.inputs)
      let hooks = try copy(source.hooks, inputs: recipe.inputs)
      try await patch(source, digest: recipe.inputs[Recipe.baseInput], archives: archives, hooks: hooks)
      try remove(archives + ["hooks"])
    }
  }

  private func remove(_ names: [String]) throws(HostError) {
    for name in names { try folder.appending(name).removeTree() }
  }

  /// Packs each folder, and makes sure that it holds what the plan was made for.
  private func archive(_ includes: [String], inputs: [String: String]) throws(HostError) -> [String] {
    var names: [String] = []
    var found: [String: String] = [:]
    for path in includes {
      let name = "includes-\(names.count).tar"
      let digest = try TreeArchive.write(
        try Tree(at: FilePath(path)), to: folder.appending(name), time: BuilderSchema.time)
      names.append(name)
      found.merge(digest.entries) { _, later in later }
    }
    for (path, digest) in found where inputs[Recipe.input(file: path)] != digest {
      throw HostError(attempted, .malformed("file \(path)", "changed since it was planned"))
    }
    return names
  }

  /// Copies each hook, and makes sure that it is what the plan was made for.
  private func copy(_ hooks: [String], inputs: [String: String]) throws(HostError) -> [String] {
    let place = folder.appending("hooks")
    try place.makeFolders()
    var names: [String] = []
    for path in hooks {
      guard let name = FilePath(path).lastComponent else { continue }
      let bytes = try FilePath(path).contents()
      guard inputs[Recipe.input(hook: name.string)] == sha256(bytes) else {
        throw HostError(attempted, .malformed("hook \(name)", "changed since it was planned"))
      }
      try place.appending(name).replaceContents(bytes, permissions: [.ownerReadWriteExecute])
      names.append(name.string)
    }
    return names
  }

  /// All that decides what comes out of the same inputs, besides the programs of the host.
  static let compiling = prelude + compileScript + configureScript + makeScript

  /// Likewise, of a kind; kernels are compiled by `compiling`.
  static func script(of kind: StoreKind) -> String {
    switch kind {
    case .kernel:
      prelude + initramfs + busyboxScript + fileScript + debianKernelScript + alpineKernelScript + GuestInit.script
    case .rootfs: prelude + debianBase + debianLayer + alpineBase + alpineLayer
    case .image: prelude + hookScript + imageScript
    }
  }

  /// Likewise, for images with a loader.
  static func loadingScript(_ firmware: Firmware, arch: String) -> String {
    prelude + hookScript + loaderScript(firmware) + GuestInit.commandLine(arch: arch)
  }

  /// Likewise, for images that are made of a disk image.
  static var patchingScript: String { prelude + hookScript + diskScript + patchScript }
}
