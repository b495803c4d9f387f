import Host
import Testing

@testable import LinuxHost

/// What a builder does is part of what it builds: whoever changes a script so that something else comes out raises its
/// number in `BuilderSchema`, and puts the new number and digest here.
struct BuildSchemaTests {
  private static let known: [StoreKind: (schema: Int, digest: String)] = [
    .kernel: (7, "f80306db0feae8e6"),
    .rootfs: (4, "b426d6b0ea2b96fe"),
    .image: (4, "998f58d0cbaf30e7"),
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
    #expect(sha256(Array(Builder.loadingScript(.efi, arch: "x86_64").utf8)).prefix(16) == "feb2017f840f7fb3")
    #expect(BuilderSchema.biosLoader == 1)
    #expect(sha256(Array(Builder.loadingScript(.bios, arch: "x86_64").utf8)).prefix(16) == "4e5eb9670cbf35c4")
  }

  @Test func soHasOneThatWorksOnDiskImages() {
    #expect(BuilderSchema.patch == 2)
    #expect(sha256(Array(Builder.patchingScript.utf8)).prefix(16) == "ac3551bfa83001df")
  }
}
