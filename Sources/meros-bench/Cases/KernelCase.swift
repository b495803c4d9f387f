import Host
import LinuxHost
import Network
import Resources
import SystemPackage

/// A kernel out of a git repository, beside the same done by hand; neither finds anything that was compiled before.
struct KernelCase: BenchCase {
  let name = "kernel"
  let purpose = "kernel-build of --kernel-repository against git clone and make of the same configuration"

  func measure(_ settings: Settings) async throws -> [Finding] {
    guard let given = settings.kernelRepository else {
      return [.unmeasured(name, .leftOut("give --kernel-repository PATH, a git repository of Linux"))]
    }
    return try await Stage.with { stage in
      let output = stage.folder.appending("output")
      let repository = try given.absolute().string
      try Child.run(["git", "-C", repository, "symbolic-ref", "--short", "HEAD"], output: output)
      let branch = String(decoding: try output.contents().prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      let wanted = stage.folder.appending("wanted")
      try wanted.replaceContents(Array(Self.configuration.utf8))
      let data = stage.folder.appending("data")
      let place = stage.folder.appending("peer")
      let ours = Shell(
        Self.withoutCCache,
        [
          settings.meros.string, "kernel-build", "--url", repository, "--ref", branch, "--data-dir", data.string,
          "--netns", stage.namespaceName,
        ], output: output)
      let theirs = Shell(Self.peerScript, [repository, place.string, wanted.string], output: output)

      // Both read the repository from memory; two whole builds would be much to warm up with.
      try Shell(Self.warmingScript, [repository, place.string], output: output).run()
      let pairs = try await Pairs(settings.rounds ?? 1, warmsUp: false) {
        try data.removeTree()
        return try await elapsed { try ours.run() }
      } theirs: {
        try place.removeTree()
        return try await elapsed { try theirs.run() }
      }
      guard try Self.configuration(in: data) == place.pushing("output/.config").contents() else {
        throw BenchFailure("meros and make compiled different configurations")
      }
      return [pairs.finding("a kernel", against: "git clone --depth 1 and make", .within(1.05))]
    }
  }

  /// Our own, as make is given it.
  private static var configuration: String {
    let source = GitKernelSource(
      repository: "", ref: "", commit: "", arch: "x86_64", configuration: KernelConfiguration(),
      toolchain: Toolchain(compiler: nil, linker: nil))
    guard case .kernel(.git(let whole)) = Kernel(git: source).recipe.source else { return "" }
    return whole.configuration.text
  }

  /// That of the one kernel in the store.
  private static func configuration(in data: FilePath) throws -> [UInt8] {
    let kernels = try DataDirectory.open(data, create: false).store.appending(StoreKind.kernel.rawValue)
    guard let entry = try kernels.folderEntries().first else { throw BenchFailure("meros built no kernel") }
    return try kernels.appending(entry).appending("config").contents()
  }

  private static let withoutCCache = #"""
    if ccache=$(command -v ccache); then mount --bind /dev/null "$ccache"; fi
    "$@"
    """#

  /// REPOSITORY PLACE
  private static let warmingScript = #"""
    git clone --quiet --depth 1 "file://$1" "$2"
    """#

  /// REPOSITORY PLACE CONFIGURATION
  private static let peerScript = #"""
    export CCACHE_DISABLE=1
    git clone --quiet --depth 1 "file://$1" "$2/source"
    mkdir "$2/output"
    KCONFIG_ALLCONFIG="$3" make -C "$2/source" O="$2/output" ARCH=x86_64 allnoconfig
    make -C "$2/source" O="$2/output" ARCH=x86_64 -j"$(nproc)" bzImage
    """#
}
