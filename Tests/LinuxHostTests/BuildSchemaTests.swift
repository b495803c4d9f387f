import Host
import Testing

@testable import LinuxHost

/// What a builder does is part of what it builds: whoever changes a script so that something else comes out raises its
/// number in `BuilderSchema`, and puts the new number and digest here.
struct BuildSchemaTests {
  private static let known: [StoreKind: (schema: Int, digest: String)] = [
    .kernel: (7, "4920c07015a100af"),
    .rootfs: (4, "ac2af90dbc038fb0"),
    .image: (4, "e7797cf3e83d58a6"),
  ]

  @Test func anotherWayToCompileKernelsHasAnotherNumber() {
    #expect(BuilderSchema.kernelCompiler == 1)
    #expect(sha256(Array(Builder.compiling.utf8)).prefix(16) == "e444b3cc520c7680")
  }

  @Test(arguments: StoreKind.allCases)
  func aChangedBuilderHasAnotherNumber(kind: StoreKind) throws {
    let known = try #require(Self.known[kind])
    #expect(BuilderSchema.of(kind) == known.schema)
    #expect(sha256(Array(Builder.script(of: kind).utf8)).prefix(16) == known.digest)
  }

  @Test func soHasOneThatMakesImagesWithLoaders() {
    #expect(BuilderSchema.loader == 1)
    #expect(sha256(Array(Builder.loadingScript(.efi, arch: "x86_64").utf8)).prefix(16) == "107827ab5dc76d73")
    #expect(BuilderSchema.biosLoader == 1)
    #expect(sha256(Array(Builder.loadingScript(.bios, arch: "x86_64").utf8)).prefix(16) == "0829492106d4610d")
  }

  @Test func soHasOneThatWorksOnDiskImages() {
    #expect(BuilderSchema.patch == 2)
    #expect(sha256(Array(Builder.patchingScript.utf8)).prefix(16) == "08bb90c9073b1ea9")
  }
}
