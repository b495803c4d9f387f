import Glibc
import Host
import SystemPackage
import Testing

@testable import LinuxHost

/// Trees whose `/etc/resolv.conf` is a link, as systemd-resolved and others make it.
@Suite(.enabled(if: geteuid() == 0, "building needs root"))
struct BuildResolverTests {
  /// Builds an image of a tree with what the commands make in its `/etc`, and one hook that may reach the network.
  private func build(
    _ commands: String, hook script: String, check: (FilePath, DataDirectory) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let rootfs = data.entry(.rootfs, "busybox").appending("rootfs.tar")
      try await data.addBusyboxRootfs()
      let change = #"mkdir tree; tar -x -p -f "$1" -C tree; cd tree/etc; eval "$2"; cd ../..; tar -c -f "$1" -C tree ."#
      try await Program(
        "sh", ["-euc", change, "sh", rootfs.string, commands], environment: ["OUTSIDE": folder.string], in: data.root
      ).run("change")
      let hook = folder.appending("0100-it.chroot")
      try hook.write("#!/bin/sh -e\n\(script)\n")
      try await LinuxStore(data).build(try .image("hooked", of: "busybox", hooks: [hook], network: true))
      try await check(folder, data)
    }
  }

  @Test(arguments: [
    ("ln -s ../run/systemd/resolve/stub-resolv.conf resolv.conf", "../run/systemd/resolve/stub-resolv.conf"),
    ("ln -s ../../..$OUTSIDE/made/resolv.conf resolv.conf", ""),
    ("ln -s /etc/own/run/resolv.conf resolv.conf; mkdir own; ln -s /run/own own/run", "/etc/own/run/resolv.conf"),
    ("ln -s ./one resolv.conf; ln -s two one; ln -s /var/lib/nope/../three two", "./one"),
    ("echo own >other; ln -s other resolv.conf", "other"),
  ])
  func whatTheLinkLeadsToIsThereForHooksAlone(commands: String, target: String) async throws {
    try await build(commands, hook: "cat /etc/resolv.conf >/etc/seen") { (folder, data) async throws in
      let resolver = try FilePath("/etc/resolv.conf").text()
      #expect(try await data.debugfs("hooked", "cat /etc/seen") == resolver)
      let link = try await data.debugfs("hooked", "stat /etc/resolv.conf")
      #expect(link.contains("Type: symlink") && link.contains(target))
      #expect(!folder.appending("made").exists)
      for place in ["run/systemd", "run/own", "var/lib", folder.string] {
        #expect(try await data.debugfs("hooked", "stat /\(place)").isEmpty)
      }
      if target == "other" { #expect(try await data.debugfs("hooked", "cat /etc/other") == "own\n") }
    }
  }

  @Test func whatAHookPutsInPlaceOfTheLinkStays() async throws {
    let script = "rm /etc/resolv.conf; echo nameserver 192.0.2.1 >/etc/resolv.conf"
    try await build("ln -s ../run/stub.conf resolv.conf", hook: script) { (_, data) async throws in
      #expect(try await data.debugfs("hooked", "cat /etc/resolv.conf") == "nameserver 192.0.2.1\n")
      #expect(try await data.debugfs("hooked", "ls /run").contains("stub") == false)
    }
  }

  @Test func aLinkThatGoesInACircleStays() async throws {
    try await build("ln -s circle resolv.conf; ln -s resolv.conf circle", hook: "[ ! -e /etc/resolv.conf ]") {
      (_, data) async throws in
      #expect(try await data.debugfs("hooked", "stat /etc/resolv.conf").contains("\"circle\""))
    }
  }

  @Test func scriptsOfPackagesHaveAResolverToo() async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let place = folder.appending("place")
      try place.makeFolders()
      let builder = Builder(
        data: data, folder: place, attempted: "try", log: folder.appending("log"), progress: .silent)
      let script = #"""
        mkdir "$root/bin" "$root/etc" "$root/run"
        cp "$busybox" "$root/bin/busybox"
        mkdir -p "$root/usr/bin"; ln -s /bin/busybox "$root/usr/bin/env"
        ln -s ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
        begin_packages
        in_tree /bin/busybox cat /etc/resolv.conf >"$OUT/seen"
        end_packages
        readlink "$root/etc/resolv.conf" >"$OUT/link"
        find "$root/run" >"$OUT/left"
        """#
      try await builder.run(
        Builder.hookScript + Builder.archiveScript + Builder.treeScript + script, ["NETWORK": "yes"])
      #expect(try place.appending("seen").text() == FilePath("/etc/resolv.conf").text())
      #expect(try place.appending("link").text() == "../run/systemd/resolve/stub-resolv.conf\n")
      #expect(try place.appending("left").text() == "\(place)/work/root/run\n")
    }
  }
}
