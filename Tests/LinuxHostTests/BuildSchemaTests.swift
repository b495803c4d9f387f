import Host
import Testing

@testable import LinuxHost

/// What a builder does is part of what it builds: whoever changes a script so that something else comes out raises its
/// number in `BuilderSchema`, and puts the new number and digest here.
struct BuildSchemaTests {
  private static let known: [StoreKind: (schema: Int, digest: String)] = [
    .kernel: (7, "b13c0b1447646609"),
    .rootfs: (4, "9707c81abe9bf5ad"),
    .image: (4, "5a4a3da5a341d0d7"),
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
    #expect(sha256(Array(Builder.loadingScript(.efi, arch: "x86_64").utf8)).prefix(16) == "ddc2cbd6902f8fbd")
    #expect(BuilderSchema.biosLoader == 1)
    #expect(sha256(Array(Builder.loadingScript(.bios, arch: "x86_64").utf8)).prefix(16) == "aeb7fadec3643dcb")
  }

  @Test func soHasOneThatWorksOnDiskImages() {
    #expect(BuilderSchema.patch == 2)
    #expect(sha256(Array(Builder.patchingScript.utf8)).prefix(16) == "b54ebd6fcdb873a7")
  }
}
