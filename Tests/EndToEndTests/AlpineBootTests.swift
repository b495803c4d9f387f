import HostTesting
import LinuxHost
import SystemPackage
import Testing

/// A machine of Alpine from its manifest to its shell, by the program itself: the real minirootfs and apk, with stand-ins
/// for openrc and the ssh server, on the kernel of Debian.
@Suite(
  .serialized, .enabled(if: Ground.isAvailable && AlpineMirror.isAvailable, "needs root, QEMU and ../shared/alpine"))
struct AlpineBootTests {
  @Test(.timeLimit(.minutes(45)))
  func itIsBuiltAndLetsUsIn() async throws {
    try await Ground.with { ground in
      try await AlpineMirror.with(in: ground.folder.appending("mirror")) { mirror in
        let meros = try MerosProgram(ground)
        try ground.write(manifest(mirror), to: "lab/constellation.yml")
        try ground.write("made for the test\n", to: "lab/web/includes.chroot/etc/motd")
        try ground.write("#!/bin/sh\napk --version >/etc/hook\n", to: "lab/web/hooks/0100-look.chroot")
        try ground.write(String(decoding: try mirror.key.contents(), as: UTF8.self), to: "lab/keys/tests@meros.rsa.pub")
        let ending = try await meros.run(["apply", "lab", "--auto-approve"])
        #expect(ending.code == 0, "\(ending.output)\n\(ending.diagnostics)")

        let words = try await Guests(ending.output).run(
          "web", "cat /etc/alpine-release /etc/motd /etc/hook; hello; hostname; id -un ann; lsmod | grep -c ^virtio_net"
        )
        #expect(
          words == "3.20.3\nmade for the test\napk-tools 2.14.4, compiled for x86_64.\nhello\nweb\nann\n1")
        let lock = String(
          decoding: try ground.folder.pushing("lab/constellation.lock").contents(), as: UTF8.self)
        #expect(lock.contains("3.20.3 sha512:"))
        // A mirror that moves on moves nothing here.
        mirror.stop()
        let plan = try await meros.run(["plan", "lab", "--detailed-exitcode"])
        #expect(plan.code == 0, "\(plan.output)\n\(plan.diagnostics)")
        #expect(try await meros.run(["destroy", "lab", "--auto-approve"]).code == 0)
      }
    }
  }

  private func manifest(_ mirror: AlpineMirror) -> String {
    """
    kernels: {debian: {source: distribution, distribution: debian, release: bookworm}}
    bridges: {lan: {subnet: 10.45.1.1/24, policy_type: isolated}}
    virtual_machines:
      web:
        distribution: alpine
        release: "3.20"
        mirror: \(mirror.url)
        components: main
        mirror_keys: keys/tests@meros.rsa.pub
        packages: [hello]
        kernel: debian
        memory: 256M
        user: {name: ann, keys: []}
        networks: [{bridge: lan, ip_addr: 10.45.1.11}]
    """
  }
}
