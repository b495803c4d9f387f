import Host
import Testing

@testable import LinuxHost

/// How the tools of distributions are told where packages come from.
struct PackageSourceTests {
  @Test func mmdebstrapGetsUbuntuAsItGetsDebian() throws {
    let source = PackageSource(
      distribution: "ubuntu", release: "noble", arch: "x86_64", mirror: "http://m/ubuntu",
      components: ["main", "universe"], sources: ["deb http://m/x noble main"])
    let architecture = try source.debianArchitecture("build")
    #expect(architecture == "amd64")
    #expect(
      source.options(architecture) == ["--mode=root", "--architectures=amd64", "--components=main,universe"])
    #expect(
      source.variables == [
        "DISTRIBUTION": "ubuntu", "RELEASE": "noble", "MIRROR": "http://m/ubuntu",
        "SOURCES": "deb http://m/x noble main\n",
      ])
    #expect(source.cacheName == "ubuntu-noble-x86_64")
  }

  @Test(arguments: [("aarch64", "arm64"), ("riscv64", "riscv64")])
  func architecturesHaveTheNamesOfDebian(arch: String, name: String) throws {
    let source = PackageSource(distribution: "debian", release: "trixie", arch: arch)
    #expect(try source.debianArchitecture("build") == name)
  }

  @Test func whatMmdebstrapDoesNotKnowIsRefused() {
    let source = PackageSource(distribution: "alpine", release: "3.20", arch: "x86_64")
    #expect(throws: HostError("build", .unsupported("the distribution alpine"))) {
      try source.debianArchitecture("build")
    }
  }

  @Test func apkGetsTheComponentsOfTheBranchAndWholeRepositories() {
    var source = PackageSource(distribution: "alpine", release: "3.20.3", arch: "x86_64", mirror: "http://m/alpine/")
    #expect(source.repositories == ["http://m/alpine/v3.20/main", "http://m/alpine/v3.20/community"])
    source.components = ["main"]
    source.sources = ["http://own/packages"]
    #expect(source.repositories == ["http://m/alpine/v3.20/main", "http://own/packages"])
  }
}
