import Host
import SystemPackage

extension Builder {
  /// Makes `kernel`, `config` and `initrd`. What was compiled before is taken, unless `anew`.
  func gitKernel(_ source: GitKernelSource, _ recipe: Recipe, anew: Bool) async throws(HostError) {
    let folder = KernelFolder(recipe, in: data)
    let lock = try await folder.lock(progress)
    if anew { try folder.path.removeTree() }
    if !folder.image.exists { try await compile(source, in: folder) }
    for (file, name) in [(folder.image, "kernel"), (folder.configuration, "config")] {
      try self.folder.appending(name).replaceContents(try file.contents(limit: 1 << 30))
    }
    _ = consume lock
    try await run(Self.initramfs + Self.busyboxScript + Self.packScript, try busyboxVariables(source.arch))
  }

  private func compile(_ source: GitKernelSource, in folder: KernelFolder) async throws(HostError) {
    try folder.dropOthers()
    try folder.path.makeFolders()
    if !folder.source.exists {
      let cache = GitCache(of: source.repository, in: data, attempted: attempted)
      progress.report(.init("fetching \(source.commit.prefix(12))"))
      try await cache.fetch(source.commit, named: source.ref, progress)
      progress.report(.init("checking \(source.commit.prefix(12)) out"))
      // Renamed once it is complete: a killed attempt begins anew.
      let beside = folder.path.appending("source.tmp")
      try beside.removeTree()
      try await cache.checkOut(source.commit, to: beside)
      try beside.rename(to: folder.source)
    }
    try folder.output.makeFolders(mode: 0o755)
    let variables = variables(of: source, in: folder)
    try await run(Self.compileScript + Self.configureScript, variables)
    try verify(source.configuration, in: folder)
    let steps = CompileProgress(total: folder.steps(arch: source.arch))
    try await run(Self.compileScript + Self.makeScript, variables, report: steps.report)
    let settled = folder.output.appending(".config")
    try folder.configuration.replaceContents(try settled.contents())
    let image = folder.output.pushing(FilePath(Self.image(of: source.arch)))
    try folder.image.replaceContents(try image.contents(limit: 1 << 30))
    try folder.remember(steps: steps.steps, arch: source.arch)
    try folder.drop()
  }

  private func verify(_ configuration: KernelConfiguration, in folder: KernelFolder) throws(HostError) {
    let settled = String(decoding: try folder.output.appending(".config").contents(), as: UTF8.self)
    let rejections = configuration.rejections(by: settled)
    if !rejections.isEmpty { throw HostError(attempted, .configuration(rejections)) }
  }

  private func variables(of source: GitKernelSource, in folder: KernelFolder) -> [String: String] {
    [
      "SOURCE": folder.source.string, "OUTPUT": folder.output.string, "CONFIGURATION": source.configuration.text,
      "CCACHE": data.cache.appending("ccache").string, "USER": String(Self.compilingUser),
      "MAKE_ARCH": Self.makeArchitecture(source.arch), "PREFIX": LinuxToolchains.prefix(for: source.arch),
      "TARGET": Self.image(of: source.arch).split(separator: "/").last.map(String.init) ?? "",
    ]
  }

  /// Beside the users of constellations (`Scope.uids`), and nobody's.
  private static let compilingUser = Scope.uids.upperBound + 1

  /// As the kernel's Makefile calls it.
  private static func makeArchitecture(_ arch: String) -> String {
    switch arch {
    case "aarch64": "arm64"
    case "riscv64": "riscv"
    default: arch
    }
  }

  /// Where the image that QEMU loads lies among the results; its name is what `make` is asked for.
  private static func image(of arch: String) -> String {
    let folder = arch == "x86_64" ? "x86" : makeArchitecture(arch)
    return "arch/\(folder)/boot/\(imageName(of: arch))"
  }

  /// "bzImage" or "Image".
  static func imageName(of arch: String) -> String { arch == "x86_64" ? "bzImage" : "Image" }
}
