import Diagnostics
import YAML

extension DistributionSpec {
  /// The keys that tell what is built from, in a machine and in a kernel.
  static let keys = ["distribution"] + schemaKeys.map(\.name)

  /// - Parameter written: the distribution, where somebody wrote it.
  init(_ section: Section, _ written: Located<Distribution>?, _ faults: inout Diagnostics) {
    let distribution = written ?? Located(.debian, at: section.location)
    self.distribution = distribution
    release = section.value(
      "release", .identifier("a release", like: "bookworm", others: "-_."), else: distribution.value.usualRelease,
      &faults)
    mirror = section.value("mirror", .word("a URL", like: "http://mirror.example/debian"), &faults)
    components = section.oneOrMore("components", .identifier("a component", like: "main", others: "-_./"), &faults)
    sources = section.list("sources", .argument("a line of sources.list", like: "deb http://… bookworm main"), &faults)
    keys = section.oneOrMore("mirror_keys", .argument("the path of a key", like: "keys/mirror.asc"), &faults)
    for key in keys { check(key, &faults) }
  }

  /// The tools tell keys apart by their endings.
  private func check(_ key: Located<String>, _ faults: inout Diagnostics) {
    let openPGP = [".asc", ".gpg"]
    let allowed = distribution.value == .alpine ? [".rsa.pub"] + openPGP : openPGP
    guard !allowed.contains(where: { key.value.hasSuffix($0) }) else { return }
    let remedy =
      distribution.value == .alpine
      ? "apk's keys end in .rsa.pub, the key that releases are signed with ends in .asc or .gpg"
      : "give an OpenPGP key: .asc for an armored one, .gpg for a binary one"
    faults.error("\(key.value) is no key that \(distribution.value.rawValue) knows", at: key.location, remedy: remedy)
  }
}
