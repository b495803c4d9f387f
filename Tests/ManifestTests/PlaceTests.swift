import Diagnostics
import Testing
import YAML

@testable import Manifest

/// Paths of a manifest lead to where it says so.
struct PlaceTests {
  private static let text = """
    bridges:
      lan: &lan
        subnet: 10.9.0.1/24
        allowed_ports: [22, 80]
      back: *lan
    flows:
      - {from: a, to: b}
      - from: b
        to: a
    """

  @Test(
    arguments: [
      ("bridges", 1, 1), ("bridges.lan", 2, 3), ("bridges.lan.allowed_ports", 4, 5),
      ("bridges.lan.allowed_ports[1]", 4, 25), ("bridges.lan.policy_type", 2, 3), ("bridges.back.subnet", 3, 5),
      ("bridges.other.subnet", 1, 1), ("flows[1]", 8, 5), ("flows[1].to", 9, 5), ("flows[2]", 6, 1),
    ])
  func aPathLeadsToItsKeyOrItsNearest(_ path: String, _ line: Int, _ column: Int) throws {
    let places = ManifestPlaces(try YAMLNode.parse(Array(Self.text.utf8), file: "c.yml"))
    let place = try #require(places[path])
    #expect((place.line, place.column) == (line, column))
  }

  @Test func whatNobodyWroteHasNone() throws {
    let places = ManifestPlaces(try YAMLNode.parse(Array(Self.text.utf8), file: "c.yml"))
    #expect(places["kernels.own"] == nil)
    #expect(ManifestPlaces(nil)["bridges"] == nil)
  }
}
