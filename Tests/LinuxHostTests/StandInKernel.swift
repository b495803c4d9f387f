import Host
import SystemPackage

@testable import LinuxHost

/// A git repository with the targets of the kernel's Makefile that meros asks for, which take no time: its image tells
/// what it was made of, and by whom.
struct StandInKernel {
  let repository: FilePath
  let data: DataDirectory

  init(in folder: FilePath) async throws {
    repository = folder.appending("linux")
    data = try DataDirectory.open(folder.appending("data"), create: true)
    try repository.appending("Makefile").write(Self.makefile)
    try await git("init", "-q", "-b", "main")
    try await commit("init.c", "one\n")
  }

  /// Commits a file, and returns the commit.
  @discardableResult
  func commit(_ name: String, _ text: String) async throws -> String {
    try repository.appending(name).write(text)
    try await git("add", "-A")
    try await git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", name)
    let program = Program("git", ["-C", repository.string, "rev-parse", "HEAD"], capturesOutput: true)
    return String(String(decoding: try await program.run("ask git").output, as: UTF8.self).prefix { $0 != "\n" })
  }

  private func git(_ arguments: String...) async throws {
    try await Program("git", ["-C", repository.string] + arguments).run("use git")
  }

  /// A recipe for the newest commit, with these lines over none.
  func recipe(
    _ name: String = "linux", arch: String = "x86_64", config: [(String, String)] = [("CONFIG_A", "y")]
  ) async throws -> Recipe? {
    let origins = LinuxOrigins(try .open(repository, create: false))
    guard let commit = try await origins.commit(of: "main", in: repository.string) else { return nil }
    let lines = config.enumerated().map { index, pair in
      KernelConfiguration.Line(symbol: pair.0, value: pair.1, place: "extra.config:\(index + 1)")
    }
    let source = GitKernelSource(
      repository: repository.string, ref: "main", commit: commit, arch: arch,
      configuration: KernelConfiguration(lines), toolchain: Toolchain(compiler: nil, linker: nil))
    let settings = [String: String](config) { _, later in later }
    return .test(name, .kernel(.git(source)), inputs: settings.merging(["commit": commit]) { own, _ in own })
  }

  /// Begins as kernels of this machine do, and ends with these words.
  static func image(_ words: String) -> String {
    let (place, magic) =
      machineArchitecture == "x86_64" ? (514, "HdrS") : (56, machineArchitecture == "aarch64" ? "ARMd" : "RSC\u{5}")
    return String(repeating: "\0", count: place) + magic + words
  }

  /// `CONFIG_DROPPED` never sticks, `CONFIG_NUMBER` becomes 1, a file `broken` fails to compile, and one called `slow`
  /// takes its time where it was not begun before.
  private static let makefile = """
    boot = $(O)/arch/$(if $(filter x86_64,$(ARCH)),x86,$(ARCH))/boot
    .PHONY: allnoconfig bzImage Image
    allnoconfig:
    \t@sed -e '/=n$$/d' -e '/^CONFIG_DROPPED=/d' -e 's/^CONFIG_NUMBER=.*/CONFIG_NUMBER=1/' $(KCONFIG_ALLCONFIG) >$(O)/.config
    bzImage Image:
    \t@echo '  CC      init.o'
    \t@if [ -e broken ]; then echo "init.c:3:1: error: expected ';'" >&2; seq 100 | sed 's/^/  AR      /'; exit 2; fi
    \t@if [ -e slow ] && [ ! -e $(O)/begun ]; then touch $(O)/begun; sleep 600; fi
    \t@echo '  LD      vmlinux'
    \t@mkdir -p $(boot)
    \t@( cat $(O)/.config init.c; echo $(ARCH) $(CROSS_COMPILE) $(O) $$(pwd) $$(id -u) $$KBUILD_BUILD_TIMESTAMP $$KBUILD_BUILD_USER \\
    \t  $$KBUILD_BUILD_HOST $$KBUILD_BUILD_VERSION $${SECRET-none}; \\
    \t  sed -e 1,2d -e 's/:.*//' -e 's/ //g' /proc/net/dev ) >$(boot)/$@

    """
}
