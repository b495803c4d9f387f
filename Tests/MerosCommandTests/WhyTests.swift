import Diagnostics
import Host
import Manifest
import Network
import Reconcile
import Resources
import Testing

@testable import MerosCommand

private func goal(_ manifest: String) throws -> Goal {
  let manifest = try Manifest.load(Array(manifest.utf8), file: "lab.yml", directoryName: "lab").manifest
  let graph = try Desired(manifest, Inputs(directory: "/lab"), scope: .test).graph
  return Goal("lab", graph, path: "/lab/lab.yml", manifest: manifest)
}

private let small = """
  bridges:
    lan: {subnet: 10.0.0.1/24}
  flows:
    - {from: world, to: web, ports: [443]}
  virtual_machines:
    web:
      packages: [nginx]
      networks:
        - {bridge: lan, ip_addr: 10.0.0.2, label: t-web}
      disks:
        - {label: data, size: 1G}
  """

/// What would be observed of a VM `web` on an image of these packages.
private func observation(packages: String) throws -> Observation {
  let fingerprint = try #require(Fingerprint(String(repeating: "1", count: 64)))
  let image = StoreEntry(
    kind: .image, name: "debian-old", fingerprint: fingerprint, inputs: ["packages": packages, "release": "bookworm"],
    digest: "", duration: .seconds(9))
  let disk = ObservedDisk(
    name: "web", image: "debian-old", isBroken: false, content: .overlay(image: "debian-old"),
    size: ByteCount(bytes: 1 << 30), isProtected: false, power: .on, madeAt: 60)
  return Observation(
    scope: .test,
    resources: [
      ResourceAddress(kind: "image", name: "debian-old"): ObservedResource(value: image),
      ResourceAddress(kind: "disk", name: "web"): ObservedResource(
        value: Disk.Observed(disk: disk, scope: .test, image: image)),
    ])
}

@Suite struct WhyTests {
  @Test func itTellsAShortStory() throws {
    let before = [Toy(name: "bear", attributes: ["color": "red"]), Toy(name: "shelf")]
    let proposal = try Proposal.toys(
      from: before,
      to: [
        Toy(name: "bear", attributes: ["color": "blue"], dependencies: [toy("shelf")]), Toy(name: "shelf"),
        Toy(name: "hat", dependencies: [toy("bear"), toy("shelf")]),
      ])
    let account = try #require(
      Account(of: toy("bear"), in: proposal, since: .init(second: 3600, words: "it was made")))
    #expect(
      AccountView(account, of: proposal, now: 3661).text(Paint(isOn: false)) == """
        toy.bear of lab is there and differs from what is written

          is         there
          since      1970-01-01T01:00:00Z, 1m01s ago: it was made

        What apply would do
          ~ toy.bear will be changed: color differs
              disruption: live (nothing notices)
              ~ color = red -> blue

        Stands on
          toy.shelf: stands on it

        On it stand
          + toy.hat: stands on it, missing

        """)
    for part in [#""state":"differs""#, #""time":"1970-01-01T01:00:00Z""#, #""after":"blue""#, #""verb":"create""#] {
      #expect(AccountJSON(account).text.contains(part), "\(part)")
    }
  }

  @Test(arguments: [
    ("vm.web", [6]), ("disk.web", [6]), ("disk.web/data", [11]), ("tap.t-web", [9]), ("bridge.lan", [2]),
    ("dns.lan", [2]), ("firewall.lab", [2, 4]), ("forwarding.lab", [2]), ("key.client", [1]), ("key.host-web", [6]),
  ])
  func eachIsWrittenSomewhere(_ address: String, _ lines: [Int]) throws {
    let goal = try goal(small)
    let places = WrittenPlaces(manifest: try #require(goal.manifest), graph: goal.graph)
    #expect(places.places(of: try #require(ResourceAddress(address))).map(\.location.line) == lines)
  }

  @Test func everythingOfAConstellationHasAPlaceAndAStory() throws {
    let proposal = Proposal(try goal(small), .empty(.test), kinds: Kinds.all)
    for address in proposal.goal.graph.order {
      let account = try #require(Account(of: address, in: proposal))
      #expect(!account.places.isEmpty, "\(address)")
      let text = AccountView(account, of: proposal, now: 0).text(Paint(isOn: false))
      #expect(text.contains("lab.yml:") && text.contains("\(address) will be created"), "\(text)")
    }
  }

  @Test func packagesOfWhichThereAreHundredsAreCounted() throws {
    let source = PackageSource(distribution: "debian", release: "bookworm", arch: "x86_64")
    let locked = (0..<146).map { LockedPackage(name: "package\($0)", version: "1", digest: "d") }
    let base = Rootfs(baseOf: source, locked: locked)
    let proposal = Proposal(Goal("lab", try ResourceGraph([base])), .empty(.test), kinds: [Rootfs.self])
    let account = try #require(Account(of: base.address, in: proposal))
    let text = AccountView(account, of: proposal, now: 0).text(Paint(isOn: false))
    #expect(text.contains("  package versions: 146; --json tells each\n") && !text.contains("package7"), "\(text)")
    #expect(text.contains("  release: bookworm\n"))
  }

  @Test func whatIsBuiltTellsWhichInputDiffers() throws {
    let proposal = Proposal(try goal(small), try observation(packages: "curl"), kinds: Kinds.all)
    let image = try #require(proposal.goal.graph.order.first { $0.kind == "image" })
    let account = try #require(Account(of: image, in: proposal))
    #expect(account.predecessor?.address.description == "image.debian-old")
    let reason = try #require(account.predecessor?.reasons.first { $0.path == "packages" })
    #expect(reason == Reason("packages", before: "curl", after: "nginx"))
    #expect(
      AccountView(account, of: proposal, now: 0).text(Paint(isOn: false)).contains(
        "Takes the place of image.debian-old, since\n"))
  }

  @Test(arguments: [
    ("vm.wbe", "did you mean vm.web?"), ("web", "did you mean disk.web or vm.web?"),
    ("nothing.alike", "look for the address in meros status; it is KIND.NAME, like vm.web"),
  ])
  func aMisspeltAddressIsToldWhatIsNear(_ word: String, _ remedy: String) throws {
    let proposal = Proposal(try goal(small), .empty(.test), kinds: Kinds.all)
    #expect {
      _ = try WhyCommand.address(word, in: proposal)
    } throws: { error in
      guard case .diagnostics(let diagnostics) = error as? CommandFailure else { return false }
      return diagnostics.all.first?.remedy == remedy
    }
    #expect(try WhyCommand.address("disk.web/data", in: proposal).name == "web/data")
  }
}
