package import Host
import Manifest
package import Reconcile

/// A kernel with meros's initramfs, in the store.
package struct Kernel: BuiltResource {
  package static let storeKind = StoreKind.kernel
  package let recipe: Recipe
  package var dependencies: Set<ResourceAddress> { [] }
  package let obstacle: Change.Obstacle?

  /// The packaged kernel of a distribution.
  /// - Parameters:
  ///   - locked: as in `KernelSource`.
  ///   - obstacle: why programs of the architecture do not run here.
  package init(from source: PackageSource, locked: [LockedPackage]? = nil, obstacle: Change.Obstacle? = nil) {
    var inputs = source.inputs
    inputs["builder"] = "\(BuilderSchema.kernel)"
    inputs.merge(locked.inputs) { own, _ in own }
    // apk is one of them; of Debian's package files are taken and nothing is run.
    self.obstacle = source.distribution == "alpine" ? obstacle : nil
    recipe = Recipe(
      label: source.label, inputs: inputs, hidden: locked.hiddenInputs, source: .kernel(.distribution(source, locked)))
  }

  /// A kernel image in a file, by its absolute path and the digest of its content.
  package init(file path: String, digest: String, arch: String = "x86_64") {
    var inputs = ["kernel": digest, "builder": "\(BuilderSchema.kernel)"]
    // Entries of the usual one have the names that they always had.
    if arch != "x86_64" { inputs["arch"] = arch }
    obstacle = nil
    recipe = Recipe(
      label: Recipe.label(ofFile: path, else: "kernel"), inputs: inputs, source: .kernel(.file(path, arch: arch)))
  }

  /// A kernel that is compiled from a git repository.
  package init(git source: GitKernelSource) {
    let own = OwnConfiguration.lines(arch: source.arch)
    // The repository and the branch say where the commit was found, not what it is.
    var inputs = [
      "commit": source.commit, "arch": source.arch, "own configuration": Fingerprint(of: own).short,
      "compiler": source.toolchain.compiler ?? "not installed", "linker": source.toolchain.linker ?? "not installed",
      "builder": "\(BuilderSchema.kernel)", "kernel compiler": "\(BuilderSchema.kernelCompiler)",
    ]
    for line in source.configuration.effective { inputs[line.symbol] = line.value }
    let missing = source.toolchain.missing
    obstacle = missing.isEmpty ? nil : .missingPrograms(missing)
    var whole = source
    whole.configuration.lines = own + source.configuration.lines
    let name = isCommit(source.ref) ? String(source.ref.prefix(12)) : Recipe.label(ofFile: source.ref, else: "")
    recipe = Recipe(
      label: (["linux", name] + (source.arch == "x86_64" ? [] : [source.arch])).filter { !$0.isEmpty }
        .joined(separator: "-"), inputs: inputs, source: .kernel(.git(whole)))
  }
}

extension Fingerprint {
  /// Of the symbols and their values; where they stand does not count.
  fileprivate init(of lines: [KernelConfiguration.Line]) {
    self.init(of: [String: String](lines.map { ($0.symbol, $0.value) }) { _, later in later })
  }
}
