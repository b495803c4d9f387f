import Glibc
import Host
import Network
import SystemPackage
import Testing

@testable import LinuxHost

/// Who needs what of a real store, and what is removed of it.
@Suite(.enabled(if: geteuid() == 0, "building needs root"))
struct StoreUsageTests {
  /// A store with an image `used` on the root file system `busybox`, and a kernel `spare`.
  private func with(_ body: (DataDirectory, LinuxStore) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let data = try DataDirectory.open(folder.appending("data"), create: true)
      let store = LinuxStore(data)
      try await data.addBusyboxRootfs()
      let file = folder.appending("bzImage")
      try file.write(StandInKernel.image("a kernel"))
      try await store.build(Recipe.test("spare", .kernel(.file(file.string, arch: machineArchitecture))))
      try await store.build(try .image("used", of: "busybox"))
      try await body(data, store)
    }
  }

  private let image = StoreAddress(.image, "used")
  private let kernel = StoreAddress(.kernel, "spare")

  private func users(_ address: StoreAddress, _ store: LinuxStore) async throws -> Set<StoreItem.User>? {
    try await store.items().first { $0.address == address }?.users
  }

  @Test func anItemTellsWhatItTakesWhenItWasBuiltAndWhatItIsMadeOf() async throws {
    try await with { _, store in
      let item = try #require(try await store.items().first { $0.address == image })
      #expect(item.size.bytes > 100_000 && item.users.isEmpty)
      #expect(abs(item.builtAt - Int64(time(nil))) < 86_400)
      #expect(item.entry.standsOn == [StoreAddress(.rootfs, "busybox")])
      #expect(try await store.packages(of: "used") == [])
    }
  }

  @Test func theNewestKernelBesideTheDisksIsNoConstellation() async throws {
    try await with { data, store in
      try data.newestKernel("bzImage").write("a kernel")
      #expect(try await users(kernel, store) == [])
      #expect(try await store.remove([kernel]) == [kernel])
    }
  }

  @Test func aDiskKeepsItsImageEvenWhenItsMarkIsLost() async throws {
    try await with { data, store in
      let design = DiskDesign(
        scope: data.scope("lab"), name: "web", content: .overlay(image: "used"), size: nil, isProtected: false)
      try await LinuxDisks(data).ensure(design)
      #expect(try await users(image, store) == [.disk(constellation: "lab", name: "web")])
      try data.diskMark("web", of: "lab").unlink()
      #expect(try await users(image, store) == [.disk(constellation: "lab", name: "web")])
      #expect(try await store.remove([image, kernel]) == [kernel])
      #expect(try await store.entries().map(\.name) == ["used"])
      #expect(data.entry(.image, "used").appending("image.qcow2").exists)

      try await LinuxDisks(data).remove("web", of: data.scope("lab"))
      #expect(try await store.remove([image]) == [image])
      #expect(!data.entry(.image, "used").exists)
      #expect(try data.store.folderEntries().allSatisfy { !$0.string.hasPrefix(".tmp-") })
    }
  }

  @Test func whatSomebodyAtWorkNeedsStays() async throws {
    try await with { data, store in
      let lease = try await StoreLease.take([image], in: data)
      #expect(try await users(image, store) == [.work])
      #expect(try await store.remove([image, kernel]) == [kernel])
      _ = consume lease
      #expect(try await users(image, store) == [])
      #expect(try data.temporary.folderEntries().allSatisfy { !$0.string.hasPrefix("lease-") })
    }
  }

  @Test func aLeaseOfOneWhoDiedHoldsNothing() async throws {
    try await with { data, store in
      try data.temporary.appending("lease-1-x.list").write("\(image)\n")
      #expect(try await users(image, store) == [])
      #expect(try data.temporary.folderEntries().allSatisfy { !$0.string.hasPrefix("lease-") })
    }
  }

  @Test func aBuildUnderWayKeepsWhatItIsMadeOf() async throws {
    try await with { data, store in
      let hook = data.root.appending("0100-wait.chroot")
      let word = "meros-sleep-\(UInt64.random(in: 0 ... .max))"
      try hook.write("#!/bin/sh\nsh -c 'sleep 600; : \(word)'\n")
      let rootfs = StoreAddress(.rootfs, "busybox")
      let entry = StoreEntry(
        kind: .rootfs, name: "busybox", fingerprint: try #require(Fingerprint(sha256([]))), inputs: [:], digest: "",
        duration: .zero)
      try data.entry(.rootfs, "busybox").appending("entry.json").write("\(entry.json)\n")
      let recipe = try #require(try Recipe.image("waiting", of: "busybox", hooks: [hook]))
      let task = Task { try await store.build(recipe) }
      while try await Program("pgrep", ["-f", word]).result("look").termination != .exited(0) {
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(try await users(rootfs, store) == [.work])
      #expect(try await store.remove([rootfs]) == [])
      task.cancel()
      _ = await task.result
      #expect(try await store.remove([rootfs]) == [rootfs])
    }
  }
}
