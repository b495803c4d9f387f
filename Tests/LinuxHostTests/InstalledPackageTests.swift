import Host
import Testing

@testable import LinuxHost

struct InstalledPackageTests {
  @Test func dpkgsDatabaseIsRead() {
    let text = """
      Package: zsh
      Status: deinstall ok config-files
      Architecture: amd64
      Version: 5.9

      Package: libc6
      Status: install ok installed
      Source: glibc (2.36-9)
      Architecture: amd64
      Version: 2.36-9+deb12u1
      Description: C library
       Package: not this one
       .

      Package: base-files
      Status: install ok installed
      Architecture: all
      Version: 12.4
      """
    #expect(
      InstalledPackage.all(inDpkgStatus: text) == [
        InstalledPackage(
          name: "base-files", version: "12.4", architecture: "all", source: "base-files", kind: .deb),
        InstalledPackage(
          name: "libc6", version: "2.36-9+deb12u1", architecture: "amd64", source: "glibc", kind: .deb),
      ])
  }

  @Test func apksDatabaseIsRead() {
    let text = """
      C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=
      P:musl
      V:1.2.5-r0
      A:x86_64
      L:MIT
      o:musl
      F:lib
      R:ld-musl-x86_64.so.1

      P:busybox-binsh
      V:1.36.1-r29
      o:busybox

      """
    #expect(
      InstalledPackage.all(inAPKDatabase: text) == [
        InstalledPackage(
          name: "busybox-binsh", version: "1.36.1-r29", architecture: "noarch", source: "busybox", kind: .apk),
        InstalledPackage(
          name: "musl", version: "1.2.5-r0", architecture: "x86_64", source: "musl", license: "MIT", kind: .apk),
      ])
  }

  @Test func nothingIsInAnEmptyDatabase() {
    #expect(InstalledPackage.all(inDpkgStatus: "").isEmpty && InstalledPackage.all(inAPKDatabase: "\n\n").isEmpty)
  }

  @Test func aListIsReadAsItWasWritten() async throws {
    try await withTemporaryFolder { folder in
      #expect(try InstalledPackage.read(in: folder) == nil)
      let packages = [
        InstalledPackage(name: "a", version: "1", architecture: "all", source: "b", license: "MIT", kind: .apk),
        InstalledPackage(name: "c", version: "2", architecture: "amd64", source: "c", kind: .deb),
      ]
      try InstalledPackage.write(packages, in: folder)
      #expect(try InstalledPackage.read(in: folder) == packages)
    }
  }
}
