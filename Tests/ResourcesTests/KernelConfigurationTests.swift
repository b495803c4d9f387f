import Diagnostics
import Host
import HostTesting
import Manifest
import Reconcile
import Testing

@testable import Resources

struct KernelConfigurationTests {
  private func read(_ text: String) -> (lines: [String], faults: [String]) {
    var faults = Diagnostics()
    let lines = ConfigurationFragment.lines(
      Array(text.utf8), file: "lab/extra.config", place: "extra.config", &faults)
    return (
      lines.map { "\($0.place) \($0.text)" }, faults.all.map { "\($0.location.map { "\($0)" } ?? "-") \($0.summary)" }
    )
  }

  @Test func aFragmentIsReadLineByLine() {
    let (lines, faults) = read(
      """
      # a comment
      CONFIG_A=y

      # CONFIG_B is not set
      CONFIG_TEXT="a b"
      CONFIG_NUMBER=-1
      """)
    #expect(
      lines == [
        "extra.config:2 CONFIG_A=y", "extra.config:4 CONFIG_B=n", #"extra.config:5 CONFIG_TEXT="a b""#,
        "extra.config:6 CONFIG_NUMBER=-1",
      ])
    #expect(faults == [])
  }

  @Test func blanksAroundALineDoNotCount() {
    let (lines, faults) = read(
      "  CONFIG_A=y\t \n\t# why\n \t\n\tCONFIG_B=\"x y\" \n\t# CONFIG_C is\tnot set \nCONFIG_D=n \r\n")
    #expect(
      lines == [
        "extra.config:1 CONFIG_A=y", #"extra.config:4 CONFIG_B="x y""#, "extra.config:5 CONFIG_C=n",
        "extra.config:6 CONFIG_D=n",
      ])
    #expect(faults == [])
  }

  @Test(arguments: ["CONFIG_A", "CONFIG_=y", "A=y", "CONFIG_A=", "CONFIG_A=y # why", "CONFIG_A = y", "CONFIG_A=\"x"])
  func whatIsNoLineOfAConfigurationIsAFaultAtItsPlace(_ line: String) {
    let (lines, faults) = read("CONFIG_OK=y\n\(line)\n")
    #expect(lines == ["extra.config:1 CONFIG_OK=y"])
    #expect(faults == ["lab/extra.config:2:1 this is no line of a kernel's configuration"])
  }

  @Test func modulesAreRefused() {
    #expect(
      read("CONFIG_A=m\n").faults
        == ["lab/extra.config:1:1 CONFIG_A=m asks for a module, and kernels of meros have none"])
  }

  @Test func theLaterOfTwoLinesHoldsAndOnlyItIsVerified() {
    func line(_ symbol: String, _ value: String, _ place: String) -> KernelConfiguration.Line {
      KernelConfiguration.Line(symbol: symbol, value: value, place: place)
    }
    let configuration = KernelConfiguration([
      line("CONFIG_B", "y", "own:1"), line("CONFIG_A", "y", "own:2"), line("CONFIG_B", "n", "extra:1"),
      line("CONFIG_N", "5", "extra:2"),
    ])
    #expect(configuration.text == "CONFIG_A=y\nCONFIG_B=n\nCONFIG_N=5\n")
    #expect(configuration.rejections(by: "CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_N=5\n").isEmpty)
    #expect(
      configuration.rejections(by: "CONFIG_B=y\nCONFIG_N=50\n").map { "\($0.line.place) \($0.became ?? "-")" }
        == ["own:2 -", "extra:1 y", "extra:2 50"])
  }

  @Test(arguments: ["x86_64", "aarch64", "riscv64"]) func ourOwnHasWhatAVMNeedsBuiltIn(_ arch: String) {
    let text = KernelConfiguration(OwnConfiguration.lines(arch: arch)).text
    for symbol in ["VIRTIO_BLK", "VIRTIO_NET", "EXT4_FS", "FW_CFG_SYSFS", "BLK_DEV_INITRD", "DEVTMPFS", "VSOCKETS"] {
      #expect(text.contains("CONFIG_\(symbol)=y\n"))
    }
    #expect(text.contains("CONFIG_X86") == (arch == "x86_64"))
  }

  private static let commit = String(repeating: "c", count: 40)
  private static let manifest = """
    kernels:
      own: {source: git, url: ../linux, ref: main, config: [extra.config]}
      spare: {source: git, url: ../linux, ref: \(commit)}
    virtual_machines:
      web: {kernel: own}

    """

  private func memory(
    _ text: String? = "CONFIG_A=y\n", commit: String = commit, compiler: String? = "gcc-12 0", missing: [String] = []
  ) -> MemoryHost {
    MemoryHost(
      inputs: MemoryInputFiles(texts: text.map { ["/lab/extra.config": $0] } ?? [:]),
      origins: MemoryOrigins(commits: ["/lab/../linux main": commit]),
      toolchains: MemoryToolchains(Toolchain(compiler: compiler, linker: "ld 0", missing: missing)))
  }

  private func kernel(_ memory: MemoryHost) async throws -> Kernel {
    let graph = try await Laboratory(memory.host).desired(Self.manifest).graph
    let kernels = graph.resources.values.compactMap { $0 as? Kernel }
    #expect(kernels.count == 1)
    return try #require(kernels.first)
  }

  @Test func everyInputOfAKernelCounts() async throws {
    let usual = try await kernel(memory())
    #expect(usual.name == "linux-main-\(usual.recipe.fingerprint.short)")
    let others = [
      memory("CONFIG_A=n\n"), memory("CONFIG_A=y\nCONFIG_B=y\n"), memory(commit: String(repeating: "d", count: 40)),
      memory(compiler: "gcc-13 0"),
    ]
    var names: Set<String> = [usual.name]
    for other in others { names.insert(try await kernel(other).name) }
    #expect(names.count == others.count + 1)
    #expect(try await kernel(memory("# why\nCONFIG_A=y\n")).name == usual.name)
    #expect(usual.recipe.inputs["commit"] == Self.commit && usual.recipe.inputs["CONFIG_A"] == "y")
  }

  @Test func aFragmentThatIsMissingIsAFault() async throws {
    let error = await #expect(throws: Diagnostics.self) { _ = try await kernel(memory(nil)) }
    #expect(error?.all.filter { $0.severity == .error }.map(\.summary) == ["there is no fragment extra.config"])
  }

  @Test func programsThatCompilingTakesAreMissedByThePlan() async throws {
    let plan = try await Laboratory(memory(missing: ["flex"]).host).plan(Self.manifest)
    let kernel = try #require(plan.changes.first { $0.address.kind == Kernel.kind })
    #expect(plan.problems == [.obstacle(kernel.address, .missingPrograms(["flex"]))])
  }

  @Test func kernelsAloneAreThoseThatVMsBootAndThoseThatNoneDoes() async throws {
    let (manifest, _) = try Manifest.load(
      Array(Self.manifest.utf8), file: "constellation.yml", directoryName: "lab")
    let host = memory().host
    let inputs = try await Inputs(for: manifest, in: "/lab", kernelsFor: "aarch64", on: host)
    let scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
    let desired = try Desired(kernelsOf: manifest, inputs, arch: "aarch64", scope: scope)
    let labels = desired.graph.resources.keys.map { $0.name.split(separator: "-").dropLast().joined(separator: "-") }
    #expect(labels.sorted() == ["linux-cccccccccccc-aarch64", "linux-main"])
  }

  @Test func aKernelFromGitConverges() async throws {
    let memory = memory()
    let laboratory = try Laboratory(memory.host)
    #expect(try await laboratory.apply(Self.manifest).failures == [])
    #expect(try await laboratory.plan(Self.manifest).lines == [])
  }
}
