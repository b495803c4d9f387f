import Diagnostics
import Host
import HostTesting
import Manifest
import Reconcile
import Resources
import Testing

/// What packages of distributions are locked to, as a manifest is loaded with and without a lock file.
struct PackageLookupTests {
  private static func package(_ name: String, _ version: String) -> LockedPackage {
    LockedPackage(name: name, version: version, digest: String(repeating: "d", count: 64))
  }

  private static let base = BuilderSchema.basePackages(of: "debian").map { package($0, "1") }
  private static let archive = base + [package("linux-image", "6.1"), package("nginx", "1.22"), package("curl", "7")]

  private func desired(
    _ text: String, _ memory: MemoryHost, _ lookup: Lookup, lock: LockFile
  ) async throws -> (Inputs, Desired) {
    let (manifest, _) = try Manifest.load(Array(text.utf8), file: "constellation.yml", directoryName: "lab")
    let inputs = try await Inputs(for: manifest, in: "/lab", lock: lock, lookingUp: lookup, on: memory.host)
    return (inputs, try Desired(manifest, inputs, scope: Laboratory(memory.host).scope))
  }

  private func versions(_ desired: Desired, _ kind: String) -> [String] {
    desired.graph.order.filter { $0.kind == kind }.map { address in
      let resource = desired.graph.resources[address] as? any BuiltResource
      let inputs = resource?.recipe.inputs ?? [:]
      return inputs.filter { Recipe.group(ofInput: $0.key) == "package versions" && $0.value != "1" }
        .sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
  }

  @Test func packagesKeepTheirVersionsUntilNewerOnesAreAskedFor() async throws {
    let memory = MemoryHost(origins: MemoryOrigins(packages: Self.archive))
    let text = "virtual_machines: {web: {packages: [nginx]}}\n"
    let (first, once) = try await desired(text, memory, .missing, lock: LockFile())
    #expect(versions(once, "rootfs") == ["", "package nginx 1.22"])
    #expect(versions(once, "kernel") == ["package linux-image 6.1"])
    #expect(memory.origins.wishes == [.base, .kernel, .added(["nginx"], onto: Self.base)])

    memory.origins.move(to: Self.base + [Self.package("linux-image", "6.2"), Self.package("nginx", "1.24")])
    let (second, twice) = try await desired(text, memory, .missing, lock: first.lock)
    #expect(second.lock == first.lock && memory.origins.wishes.count == 3)
    #expect(twice.graph.order == once.graph.order)

    let (third, thrice) = try await desired(text, memory, .all, lock: first.lock)
    #expect(first.lock.moves(to: third.lock).compactMap(\.package) == ["linux-image", "nginx"])
    #expect(versions(thrice, "rootfs").last == "package nginx 1.24")
    // What did not move is not built anew.
    #expect(thrice.graph.order.filter { once.graph.order.contains($0) && $0.kind == "rootfs" }.count == 1)
  }

  @Test func anotherPackageIsLookedUpAloneAndOntoWhatIsLocked() async throws {
    let memory = MemoryHost(origins: MemoryOrigins(packages: Self.archive))
    let (first, _) = try await desired(
      "virtual_machines: {web: {packages: [nginx]}}\n", memory, .missing, lock: LockFile())
    let (second, _) = try await desired(
      "virtual_machines: {web: {packages: [nginx, curl]}}\n", memory, .missing, lock: first.lock)
    #expect(memory.origins.wishes.dropFirst(3) == [.added(["curl", "nginx"], onto: Self.base)])
    #expect(
      Set(first.lock.moves(to: second.lock).map(\.key.name)) == [
        "debian bookworm x86_64 with nginx", "debian bookworm x86_64 with curl nginx",
      ])
    // What every machine has is no layer, and is not asked for.
    _ = try await desired("virtual_machines: {web: {packages: [dbus]}}\n", memory, .missing, lock: second.lock)
    #expect(memory.origins.wishes.count == 4)
  }

  @Test func whatIsThereAlreadyIsAskedForOnce() async throws {
    let memory = MemoryHost(origins: MemoryOrigins(packages: Self.archive))
    let text = "virtual_machines: {web: {packages: [dbus, kmod, nothing-more]}}\n"
    memory.origins.move(to: Self.archive + [Self.package("nothing-more", "1")])
    var lock = LockFile()
    lock[packages: LockFile.Key(.packages, "debian bookworm x86_64")] = [String: String](
      (Self.base + [Self.package("nothing-more", "1")]).map { ($0.name, $0.locked) }
    ) { $1 }
    let (first, desired) = try await desired(text, memory, .missing, lock: lock)
    let layer = desired.graph.resources.values.compactMap { $0 as? Rootfs }.first { $0.dependencies.count == 1 }
    guard case .rootfs(let source)? = layer?.recipe.source else {
      Issue.record("there is no layer")
      return
    }
    #expect(source.locked == [])
    let count = memory.origins.wishes.count
    let read = try LockFile(Array(first.lock.text.utf8), file: "constellation.lock")
    _ = try await self.desired(text, memory, .missing, lock: read)
    #expect(memory.origins.wishes.count == count)
  }

  private static let alpine = ["openrc", "openssh", "linux-virt", "hello"].map {
    LockedPackage(name: $0, version: "1-r0", identity: .apk("Q1\(String(repeating: "a", count: 27))="))
  }
  private static let minirootfs = "3.20.3 sha256:\(String(repeating: "d", count: 64))"

  private func alpine(_ packages: [LockedPackage] = alpine) -> MemoryHost {
    MemoryHost(origins: MemoryOrigins(commits: ["http://m 3.20 x86_64": Self.minirootfs], packages: packages))
  }

  private static let machine = """
    virtual_machines:
      web:
        distribution: alpine
        mirror: http://m
        packages: [hello]

    """

  @Test func packagesOfAlpineAreAskedForOntoTheMinirootfs() async throws {
    let memory = alpine()
    let (first, desired) = try await desired(Self.machine, memory, .missing, lock: LockFile())
    #expect(memory.origins.asked == ["http://m 3.20 x86_64"])
    #expect(memory.origins.wishes == [.base, .kernel, .added(["hello"], onto: [Self.alpine[0]])])
    #expect(memory.origins.sources.allSatisfy { $0.minirootfs == Self.minirootfs })
    #expect(versions(desired, "rootfs") == ["package openrc 1-r0", "package hello 1-r0, package openrc 1-r0"])
    #expect(versions(desired, "kernel") == ["package linux-virt 1-r0"])
    let read = try LockFile(Array(first.lock.text.utf8), file: "constellation.lock")
    #expect(read == first.lock)
    let (second, _) = try await self.desired(Self.machine, memory, .missing, lock: read)
    #expect(second.lock == read && memory.origins.wishes.count == 3)
    // Another minirootfs, other packages.
    var other = read
    other[LockFile.Key(.minirootfs, "http://m 3.20 x86_64")] = nil
    _ = try await self.desired(Self.machine, memory, .missing, lock: other)
    #expect(memory.origins.wishes.count == 6)
  }

  @Test(
    arguments: [
      (["hello"], "alpine 3.20 has no package hello", "5:16"),
      (["linux-virt"], "alpine 3.20 has no package linux", "2:3"),
    ])
  func whatAlpineHasNotIsAFaultAtItsPlace(_ gone: [String], _ summary: String, _ place: String) async throws {
    let memory = alpine(Self.alpine.filter { !gone.contains($0.name) })
    let error = await #expect(throws: Diagnostics.self) {
      _ = try await desired(Self.machine, memory, .missing, lock: LockFile())
    }
    let fault = try #require(error?.all.first { $0.severity == .error })
    #expect(fault.summary == summary && fault.location.map { "\($0)" } == "constellation.yml:\(place)")
  }

  @Test func withoutAMinirootfsNobodyIsAskedForPackages() async throws {
    let memory = MemoryHost(origins: MemoryOrigins(packages: Self.alpine))
    let error = await #expect(throws: Diagnostics.self) {
      _ = try await desired(Self.machine, memory, .missing, lock: LockFile())
    }
    #expect(
      error?.all.filter { $0.severity == .error }.map(\.summary) == ["the mirror has no minirootfs of 3.20 for x86_64"])
    #expect(memory.origins.wishes.isEmpty)
  }

  @Test func twoFilesOfOneVersionAreTwoRootFileSystems() async throws {
    let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")
    func name(_ digest: String) -> String {
      Rootfs(baseOf: source, locked: [LockedPackage(name: "a", version: "1", digest: digest)]).name
    }
    #expect(name("1") != name("2") && name("1") == name("1"))
  }

  @Test func aPackageThatThereIsNotIsAFaultAtItsPlace() async throws {
    let memory = MemoryHost(origins: MemoryOrigins(packages: Self.archive))
    let text = "virtual_machines:\n  web:\n    packages: [nginx, ngnix]\n"
    let error = await #expect(throws: Diagnostics.self) {
      _ = try await desired(text, memory, .missing, lock: LockFile())
    }
    let fault = try #require(error?.all.first { $0.severity == .error })
    #expect(fault.summary == "debian bookworm has no package ngnix")
    #expect(fault.location.map { "\($0)" } == "constellation.yml:3:23")
  }

  @Test func aPackageThatComesOntoWhatCannotBeHadIsAFaultAtItsPlace() async throws {
    let memory = MemoryHost(origins: MemoryOrigins(packages: Self.archive))
    let (first, _) = try await desired("virtual_machines: {web: {}}\n", memory, .missing, lock: LockFile())
    memory.origins.move(to: Array(Self.archive.dropFirst()))
    let error = await #expect(throws: Diagnostics.self) {
      _ = try await desired("virtual_machines: {web: {packages: [nginx]}}\n", memory, .missing, lock: first.lock)
    }
    let fault = try #require(error?.all.first { $0.severity == .error })
    #expect(
      fault.summary
        == "these packages come onto dbus 1 of debian bookworm, which constellation.lock holds and neither the cache nor"
        + " the mirror has")
    #expect(fault.location.map { "\($0)" } == "constellation.yml:1:37")
  }

  @Test func imagesWithALoaderHaveTheirKernelLookedUpToo() async throws {
    let memory = MemoryHost(origins: MemoryOrigins(packages: Self.archive))
    let text = "virtual_machines: {web: {boot: efi}}\n"
    let (_, desired) = try await desired(text, memory, .missing, lock: LockFile())
    #expect(memory.origins.wishes == [.base, .kernel])
    #expect(versions(desired, "kernel") == ["package linux-image 6.1"])
  }

  @Test func kernelsAloneAskForNoRootFileSystem() async throws {
    let memory = MemoryHost(origins: MemoryOrigins(packages: Self.archive))
    let (manifest, _) = try Manifest.load(
      Array("virtual_machines: {web: {packages: [nginx]}}\n".utf8), file: "constellation.yml", directoryName: "lab")
    _ = try await Inputs(for: manifest, in: "/lab", kernelsFor: "x86_64", on: memory.host)
    #expect(memory.origins.wishes == [.kernel])
  }

  @Test(arguments: ["/../../x", " --add-file=/etc/x", "*"])
  func whatIsNoNameOfAPackageIsRefused(_ name: String) async throws {
    let memory = MemoryHost(origins: MemoryOrigins(packages: Self.archive + [Self.package("linux\(name)", "1")]))
    let error = await #expect(throws: HostError.self) {
      _ = try await desired("virtual_machines: {web: {}}\n", memory, .missing, lock: LockFile())
    }
    #expect(error?.attempted == "look up packages: debian bookworm x86_64 kernel")
  }
}
