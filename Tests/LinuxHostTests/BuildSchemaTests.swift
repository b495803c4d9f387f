import Host
import Testing

@testable import LinuxHost

/// What a builder does is part of what it builds: whoever changes a script raises its number in `BuilderSchema`, and puts
/// the new number and digest here.
struct BuildSchemaTests {
  private static let known: [StoreKind: (schema: Int, digest: String)] = [
    .kernel: (1, "030db73d17fac8d7"),
    .rootfs: (1, "3ec9b3f1b8397bf0"),
    .image: (1, "91dcf4eee03201b5"),
  ]

  @Test(arguments: StoreKind.allCases)
  func aChangedBuilderHasAnotherNumber(kind: StoreKind) throws {
    let known = try #require(Self.known[kind])
    #expect(BuilderSchema.of(kind) == known.schema)
    #expect(sha256(Array(Builder.script(of: kind).utf8)).prefix(16) == known.digest)
  }
}
