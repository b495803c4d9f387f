import Glibc
import LinuxHost
import SystemPackage
import Testing

@testable import MerosCommand

private func withLog(_ body: (FilePath) throws -> Void) throws {
  let path = FilePath("/tmp/meros-test-\(getpid())-\(UInt64.random(in: 0 ... .max)).log")
  defer { _ = unsafe path.withPlatformString { unsafe unlink($0) } }
  try body(path)
}

@Test func aLogIsReadAsItGrowsAndFromItsBeginningWhenItIsANewOne() throws {
  try withLog { path in
    let reader = LogReader(path)
    #expect(reader.lines().isEmpty)
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.append, .create], permissions: [.ownerReadWrite])
    defer { try? file.close() }
    try file.writeAll(Array("one\r\n\u{1b}[31mtwo\u{1b}[0m\n\nhal".utf8))
    #expect(reader.lines() == ["one", "two", ""])
    #expect(reader.lines().isEmpty)
    try file.writeAll(Array("f\n".utf8))
    #expect(reader.lines() == ["half"])

    // The next boot: the last words of the old file still count.
    try file.writeAll(Array("last\n".utf8))
    try path.replaceContents(Array("boot\nlogin: ".utf8))
    #expect(reader.lines() == ["last", "boot"])
    #expect(reader.unfinished() == "login: ")
    #expect(reader.unfinished() == nil)
  }
}

@Test func linesOfSeveralLogsSayWhoseTheyAre() {
  let several = LogView(names: ["web", "web", "client"], isJSON: false)
  #expect(several.text("hello", of: "web", by: .guest) == "web    | hello\n")
  #expect(several.text("hello", of: "client", by: .qemu) == "client | qemu: hello\n")
  let one = LogView(names: ["web", "web"], isJSON: false)
  #expect(one.text("hello", of: "web", by: .guest) == "hello\n")
  #expect(
    LogView(names: [], isJSON: true).text("a \"b\"", of: "web", by: .qemu)
      == #"{"line":"a \"b\"","name":"web","source":"qemu"}"# + "\n")
}
