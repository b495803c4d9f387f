import SystemPackage
import Testing

@testable import LinuxHost

/// How programs of another architecture are told, and who runs them.
struct InterpreterTests {
  /// As Debian's own package has it in /usr/lib/binfmt.d.
  @Test func aHandlerIsRegisteredByTheHeaderOfItsPrograms() throws {
    let magic = #"\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"#
    let mask = #"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"#
    let format = try #require(ProgramFormat(arch: "aarch64"))
    #expect(format.registration(of: "/bin/q") == ":qemu-aarch64:M::\(magic):\(mask):/bin/q:PF")
    #expect(ProgramFormat(arch: "vax") == nil)
  }

  @Test func onlyAHandlerThatIsFoundInEveryTreeCounts() throws {
    let format = try #require(ProgramFormat(arch: "riscv64"))
    let magic = "7f454c460201010000000000000000000200f300"
    func entry(_ state: String, _ flags: String, _ magic: String = magic) -> String {
      "\(state)\ninterpreter /usr/bin/qemu\nflags: \(flags)\noffset 0\nmagic \(magic)\nmask ff\n"
    }
    #expect(format.isHandled(by: entry("enabled", "POF")))
    #expect(!format.isHandled(by: entry("enabled", "PO")))
    #expect(!format.isHandled(by: entry("disabled", "POF")))
    #expect(!format.isHandled(by: entry("enabled", "POF", "7f454c460201010000000000000000000200b700")))
  }

  @Test(arguments: [
    ("6.7.0", true), ("6.18.44-fc-v595", true), ("7.0", true), ("6.6.99", false), ("5.10.0-8-amd64", false),
    ("", false),
  ])
  func namespacesHaveHandlersFromAReleaseOn(release: String, isNew: Bool) {
    #expect((KernelRelease(release) >= KernelRelease(6, 7)) == isNew)
  }

  @Test func aProgramThatAnotherLoadsIsNoUseInATree() {
    #expect(ELFHeader.isStatic("/bin/busybox"))
    #expect(!ELFHeader.isStatic("/bin/sh") && !ELFHeader.isStatic("/etc/passwd") && !ELFHeader.isStatic("/none"))
  }
}
