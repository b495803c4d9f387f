import Diagnostics
import Manifest
import Testing

/// What is built from, in machines and in kernels.
struct DistributionTests {
  @Test(arguments: [
    ("distribution: alpine, mirror: http://m, mirror_keys: [a@b.rsa.pub, r.asc, r.gpg]", nil),
    (
      "distribution: alpine, mirror: http://m, mirror_keys: [key.pem]",
      "key.pem is no key that alpine knows "
        + "(apk's keys end in .rsa.pub, the key that releases are signed with ends in .asc or .gpg)"
    ),
    ("mirror_keys: k.gpg", nil),
    (
      "distribution: ubuntu, mirror_keys: k.rsa.pub",
      "k.rsa.pub is no key that ubuntu knows (give an OpenPGP key: .asc for an armored one, .gpg for a binary one)"
    ),
  ])
  func keysHaveTheEndingsThatTheToolsKnow(keys: String, fault: String?) {
    let found = findings("virtual_machines: {web: {\(keys)}}")
    #expect(found.count == (fault == nil ? 0 : 1))
    if let fault { #expect(found.first?.hasSuffix("error: \(fault)") == true, "\(found)") }
  }

  @Test func aKernelMayBeOfAnotherDistribution() throws {
    let manifest = try read(
      "kernels: {k: {source: distribution, distribution: debian, release: trixie, mirror_keys: k.asc}}")
    guard case .distribution(let spec?) = manifest.kernels[0].source else {
      Issue.record("\(manifest.kernels)")
      return
    }
    #expect(spec.distribution.value == .debian && spec.release.value == "trixie")
    #expect(spec.keys.map(\.value) == ["k.asc"])
  }

  @Test(arguments: [
    (
      "source: distribution, release: trixie",
      "release means nothing with source: distribution (write distribution: too)"
    ),
    (
      "source: file, path: ./k, mirror: http://m",
      "mirror means nothing with source: file (leave it out, or write another source)"
    ),
  ])
  func keysOfAKernelThatMeanNothingAreNamed(kernel: String, fault: String) {
    #expect(findings("kernels: {k: {\(kernel)}}").first?.hasSuffix("error: \(fault)") == true)
  }
}
