extension DistributionSpec {
  /// What goes with `distribution`, in a machine and in a kernel.
  static let schemaKeys: [SectionSchema.Key] = [
    .init("release", .textOrNumber("bookworm", "trixie", "noble", "3.20"), "The distribution's release or branch."),
    .init(
      "mirror", .text("http://mirror.example/debian"),
      "Where packages come from. Default: what the tool takes; Alpine's must be given."),
    .init("components", .oneOrMore(.text("main")), "Components of the mirror."),
    .init("sources", .list(.text("deb http://mirror.example/extra bookworm main")), "Whole lines of sources besides."),
    .init(
      "mirror_keys", .oneOrMore(.text("keys/mirror.asc", "keys/me@example.org.rsa.pub")),
      "Files with keys that the mirror is signed with, beside the distribution's own."),
  ]
}
