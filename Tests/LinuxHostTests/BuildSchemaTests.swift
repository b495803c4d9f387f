import Host
import Testing

@testable import LinuxHost

/// What a builder does is part of what it builds: whoever changes a script so that something else comes out raises its
/// number in `BuilderSchema`, and puts the new number and digest here.
struct BuildSchemaTests {
  private static let known: [StoreKind: (schema: Int, digest: String)] = [
    .kernel: (5, "090c6fdafcd2bf70"),
    .rootfs: (2, "d04fe837f502ca2a"),
    .image: (3, "b1a4251460faac78"),
  ]

  @Test func anotherWayToCompileKernelsHasAnotherNumber() {
    #expect(BuilderSchema.kernelCompiler == 1)
    #expect(sha256(Array(Builder.compiling.utf8)).prefix(16) == "ecd06b29bae14a6f")
  }

  @Test(arguments: StoreKind.allCases)
  func aChangedBuilderHasAnotherNumber(kind: StoreKind) throws {
    let known = try #require(Self.known[kind])
    #expect(BuilderSchema.of(kind) == known.schema)
    #expect(sha256(Array(Builder.script(of: kind).utf8)).prefix(16) == known.digest)
  }

  @Test func soHasOneThatWorksOnDiskImages() {
    #expect(BuilderSchema.patch == 1)
    #expect(sha256(Array(Builder.patchingScript.utf8)).prefix(16) == "a45791990e86e871")
  }
}
