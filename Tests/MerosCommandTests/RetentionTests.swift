import Host
import Network
import Testing

@testable import MerosCommand

struct RetentionTests {
  private func item(
    _ kind: StoreKind, _ name: String, age: Int64 = 0, on below: [StoreAddress] = [], inputs: [String: String] = [:],
    users: Set<StoreItem.User> = []
  ) throws -> StoreItem {
    let fingerprint = try #require(Fingerprint(String(repeating: "a", count: 64)))
    let entry = StoreEntry(
      kind: kind, name: name, fingerprint: fingerprint, inputs: inputs, digest: String(repeating: "b", count: 64),
      duration: .zero, standsOn: Set(below), builtAt: 1_000_000 - age)
    return StoreItem(entry: entry, size: ByteCount(bytes: 1 << 20), users: users)
  }

  private func removed(_ items: [StoreItem], keep: Retention.Keep? = nil) -> [String] {
    Retention(items, keep: keep, now: 1_000_000).removed.map(\.description)
  }

  @Test func whatAnImageInUseWasMadeOfStaysWithIt() throws {
    let base = StoreAddress(.rootfs, "base")
    let packages = StoreAddress(.rootfs, "packages")
    let disk = StoreItem.User.disk(constellation: "lab", name: "web")
    let inputs = ["distribution": "debian", "release": "bookworm", "arch": "x86_64"]
    let items = [
      try item(.image, "web", on: [packages], inputs: inputs.merging(["packages": "x"]) { $1 }, users: [disk]),
      try item(.rootfs, "packages", on: [base]), try item(.rootfs, "base"), try item(.rootfs, "old", on: [base]),
      try item(.kernel, "own", inputs: inputs.merging(["builder": "4"]) { $1 }),
      try item(.kernel, "other", inputs: ["distribution": "debian", "release": "trixie", "arch": "x86_64"]),
      try item(.kernel, "file", inputs: ["kernel": "1", "builder": "4"]),
    ]
    #expect(removed(items) == ["kernel.file", "kernel.other", "rootfs.old"])
    #expect(Retention(items, now: 0).users[base] == [disk])
    #expect(Retention(items, now: 0).freed.bytes == 3 << 20)
  }

  @Test func whoseManifestIsNotFoundMayBootAnyKernel() throws {
    var items = [try item(.kernel, "own"), try item(.rootfs, "old"), try item(.image, "old")]
    items.keepKernels(of: "lab")
    #expect(removed(items) == ["image.old", "rootfs.old"])
    #expect(items[0].users == [.manifest(constellation: "lab")])
  }

  @Test func everyKindOfUserCounts() throws {
    let users: [StoreItem.User] = [
      .disk(constellation: "a", name: "w"), .machine(constellation: "a", name: "w"), .work,
      .manifest(constellation: "a"),
    ]
    let items = try users.enumerated().map { try item(.kernel, "\($0.offset)", users: [$0.element]) }
    #expect(removed(items + [try item(.kernel, "x")]) == ["kernel.x"])
  }

  @Test func theNewestOfEachKindAreKeptOnRequestWithWhatTheyAreMadeOf() throws {
    let items = [
      try item(.image, "new", age: 1, on: [StoreAddress(.rootfs, "old")]), try item(.image, "old", age: 9),
      try item(.rootfs, "new", age: 2), try item(.rootfs, "old", age: 5), try item(.rootfs, "older", age: 7),
    ]
    #expect(removed(items, keep: .newest(1)) == ["image.old", "rootfs.older"])
    #expect(removed(items, keep: .newest(9)) == [])
    #expect(removed(items, keep: .newest(0)).count == 5)
  }

  @Test func whatIsNotOlderIsKeptOnRequest() throws {
    let items = [try item(.image, "new", age: 3600), try item(.image, "old", age: 3601)]
    #expect(removed(items, keep: .age(.seconds(3600))) == ["image.old"])
  }

  @Test(arguments: [
    ("3", Retention.Keep.newest(3)), ("0", .newest(0)), ("90m", .age(.seconds(5400))), ("36h", .age(.seconds(129_600))),
    ("14d", .age(.seconds(1_209_600))), ("", nil), ("d", nil), ("3w", nil), ("-1", nil), ("99999999999", nil),
  ])
  func whatIsKeptIsACountOrAnAge(text: String, keep: Retention.Keep?) {
    #expect(Retention.Keep(argument: text) == keep)
  }

  @Test func theListNamesThoseWhoUseAnEntry() throws {
    let items = [
      try item(.image, "web", age: 90, users: [.disk(constellation: "lab", name: "web"), .work]),
      try item(.rootfs, "base", age: 200_000),
    ]
    #expect(
      StoreView(Retention(items, now: 0), now: 1_000_000).text(Paint(isOn: false)) == """
        ENTRY        SIZE     AGE  USED BY
        image.web    1.0 MiB  1m   lab and work under way
        rootfs.base  1.0 MiB  2d

        """)
  }

  @Test func whatGoesIsShownAndCounted() throws {
    let items = [try item(.image, "web", age: 7200), try item(.rootfs, "base", users: [.work])]
    let view = CollectView(Retention(items, now: 0), now: 1_000_000)
    #expect(
      view.text(Paint(isOn: false)) == """
          ENTRY      SIZE     AGE
        - image.web  1.0 MiB  2h

        To remove: 1 entry, 1.0 MiB.

        """)
    #expect(view.conclusion([StoreAddress(.image, "web")]) == "\nRemoved 1 entry, 1.0 MiB.\n")
    #expect(view.conclusion([]) == "\nRemoved 0 entries, 0 B; somebody began to use 1 entry, which stayed.\n")
  }

  @Test func anSBOMIsADocumentOfSPDX() throws {
    let image = try item(.image, "web", inputs: ["distribution": "debian"]).entry
    let packages = [
      InstalledPackage(name: "g++", version: "4:12.2", architecture: "amd64", source: "gcc", kind: .deb),
      InstalledPackage(
        name: "musl", version: "1.2", architecture: "x86_64", source: "musl", license: "MIT", kind: .apk),
    ]
    let text = SPDXView(image, packages, builtAt: 1_700_000_000).text
    #expect(text == SPDXView(image, packages, builtAt: 1_700_000_000).text)
    for part in [
      "\"spdxVersion\":\"SPDX-2.3\"", "\"created\":\"2023-11-14T22:13:20Z\"",
      "\"documentNamespace\":\"urn:uuid:bbbbbbbb-bbbb-8bbb-8bbb-bbbbbbbbbbbb\"",
      "\"referenceLocator\":\"pkg:deb/debian/g%2B%2B@4:12.2?arch=amd64\"",
      "\"licenseComments\":\"the package says: MIT\"",
      "{\"relatedSpdxElement\":\"SPDXRef-Package-2\",\"relationshipType\":\"CONTAINS\",\"spdxElementId\":\"SPDXRef-Image\"}",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }
}
