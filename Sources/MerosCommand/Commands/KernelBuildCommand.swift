import ArgumentParser
import Diagnostics
import Host
import LinuxHost
import Manifest
import Reconcile
import Resources

struct KernelBuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel-build",
    abstract: "Build the kernels of constellations, or one from git, and nothing else.",
    discussion: """
      What is built already is left as it is. It goes into the store, and the last that was asked for is also \
      data/disks/bzImage (aarch64 and riscv64: Image). Nothing is asked: building disturbs nothing.

      Examples:
        meros kernel-build lab
        meros kernel-build lab --update
        meros kernel-build --ref v6.12
        meros kernel-build --url ../linux --ref main --config extra.config
        meros kernel-build --arch aarch64
      """)

  @Argument(help: "Directories, manifests or names; none: one kernel by the options.", completion: .constellations)
  var constellations: [String] = []
  @Option(help: "A git repository, its URL or path (Linus's tree).")
  var url: String?
  @Option(help: "A branch, a tag, or a commit in full (master).")
  var ref: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("A fragment over meros's own configuration. Repeatable.", valueName: "file"))
  var config: [String] = []
  @Option(help: "What it is compiled for, where no VM says it: x86_64, aarch64, riscv64.")
  var arch = "x86_64"
  @OptionGroup var common: CommonOptions
  @OptionGroup var replace: ReplaceOptions
  @OptionGroup var update: UpdateOptions
  @OptionGroup var options: ApplyOptions

  func validate() throws {
    if !constellations.isEmpty && (url != nil || ref != nil || !config.isEmpty) {
      throw ValidationError(
        "--url, --ref and --config describe a kernel that no constellation has: name none with them")
    }
    guard architecture != nil else { throw ValidationError("--arch takes x86_64, aarch64 or riscv64") }
    if config.contains("") { throw ValidationError("--config takes a file") }
    for word in [url, ref].compactMap(\.self) where word.isEmpty || word.hasPrefix("-") {
      throw ValidationError("--url takes a URL or a path, and --ref a branch, a tag or a commit")
    }
  }

  func run() async throws {
    let invocation = Invocation(common, isStream: true)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.root, .systemAdministration], for: "kernel-build")
      for file in config { _ = try invocation.existing(file, as: "fragment", of: "--config") }
      let applier = Applier(invocation, options, isDestruction: false, kinds: [Kernel.self])
      let planOptions = PlanOptions(replacements: Set(replace.replacements))
      var kernels: [Recipe] = []
      let code = try await applier.apply(planOptions, isApproved: true) { (site, host) async throws(CommandFailure) in
        var loader = try invocation.loader(site, host, lookingUp: update.lookup(for: []))
        let arch = architecture?.rawValue ?? arch
        loader.kernelsOnly = arch
        loader.startsMachines = false
        let (goals, notes) = try await goals(loader, arch)
        kernels = goals.flatMap(\.kernels)
        return (goals, notes)
      }
      if code == .success { try publish(kernels, invocation) }
      return code
    }
  }

  private func goals(_ loader: Loader, _ arch: String) async throws(CommandFailure) -> ([Goal], Diagnostics) {
    if !constellations.isEmpty { return try await loader.goals(constellations) }
    let (goal, notes) = try await loader.kernel(source, arch: arch)
    return ([goal], notes)
  }

  /// Also those that were there already.
  private func publish(_ kernels: [Recipe], _ invocation: Invocation) throws(CommandFailure) {
    do throws(HostError) {
      let store = LinuxStore(try DataDirectory.open(invocation.common.dataPath, create: false))
      for kernel in kernels { try store.publish(kernel) }
    } catch { throw .host(error) }
  }

  /// nil for a word that is none.
  private var architecture: VirtualMachineSpec.Architecture? { .init(written: arch) }

  private var source: KernelSpec.Source {
    func written<Value: Sendable>(_ value: Value) -> Located<Value> {
      Located(value, at: SourceLocation(file: "the command line", line: 1, column: 1))
    }
    return .git(url: url.map(written), ref: written(ref ?? "master"), config: config.map(written))
  }
}

extension Goal {
  /// What its kernels are built of, in the order of dependence.
  fileprivate var kernels: [Recipe] { graph.order.compactMap { (graph.resources[$0] as? Kernel)?.recipe } }
}
