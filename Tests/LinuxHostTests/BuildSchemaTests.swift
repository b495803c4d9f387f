import Host
import Testing

@testable import LinuxHost

/// What a builder does is part of what it builds: whoever changes a script so that something else comes out raises its
/// number in `BuilderSchema`, and puts the new number and digest here.
struct BuildSchemaTests {
  private static let known: [StoreKind: (schema: Int, digest: String)] = [
    .kernel: (7, "8b476fcea7dcd2e5"),
    .rootfs: (4, "71b43666c008b77e"),
    .image: (3, "f274f395020c4899"),
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
    #expect(sha256(Array(Builder.loadingScript(.efi, arch: "x86_64").utf8)).prefix(16) == "fb15a0dc10667896")
    #expect(BuilderSchema.biosLoader == 1)
    #expect(sha256(Array(Builder.loadingScript(.bios, arch: "x86_64").utf8)).prefix(16) == "872b8a8ece37b486")
  }

  @Test func soHasOneThatWorksOnDiskImages() {
    #expect(BuilderSchema.patch == 1)
    #expect(sha256(Array(Builder.patchingScript.utf8)).prefix(16) == "48fc6a41bc03dd7b")
  }
}
