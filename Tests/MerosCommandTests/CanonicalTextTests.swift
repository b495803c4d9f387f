import Network
import Reconcile
import Testing

@testable import MerosCommand

private struct Sample: Hashable {
  var name: String
  var map: [String: [Int]]
  var set: Set<String>
  var choice: Choice
  var maybe: Int?

  enum Choice: Hashable {
    case none
    case one(String)
    case two(a: Int, b: Bool)
  }
}

@Test func equalValuesHaveOneTextWhateverTheirOrder() {
  let keys = (0..<100).map { "key\($0)" }
  var texts: Set<String> = []
  for _ in 0..<10 {
    var map: [String: [Int]] = [:]
    var set: Set<String> = []
    for key in keys.shuffled() {
      map[key] = [key.count]
      set.insert(key)
    }
    map.reserveCapacity(Int.random(in: 100...5000))
    texts.insert(canonicalText(of: Sample(name: "a", map: map, set: set, choice: .none, maybe: nil)))
  }
  #expect(texts.count == 1)
}

@Test func theTextShowsEveryPart() {
  let value = Sample(
    name: "a\"b", map: ["y": [2, 1], "x": []], set: ["b", "a"], choice: .two(a: 1, b: true), maybe: 3)
  #expect(
    canonicalText(of: value)
      == #"(name="a\"b",map={"x":[],"y":[2,1]},set=<"a","b">,choice=.two((a=1,b=true)),maybe=?3)"#)
}

@Test(
  arguments: [
    (Sample(name: "a", map: [:], set: [], choice: .none), Sample(name: "b", map: [:], set: [], choice: .none)),
    (Sample(name: "", map: [:], set: [], choice: .one("x")), Sample(name: "", map: [:], set: [], choice: .one("y"))),
    (
      Sample(name: "", map: ["a": [1, 2]], set: [], choice: .none),
      Sample(name: "", map: ["a": [2, 1]], set: [], choice: .none)
    ),
    (
      Sample(name: "", map: [:], set: ["a\",\"b"], choice: .none),
      Sample(name: "", map: [:], set: ["a", "b"], choice: .none)
    ),
    (Sample(name: "", map: [:], set: [], choice: .none, maybe: 0), Sample(name: "", map: [:], set: [], choice: .none)),
  ])
private func unequalValuesHaveTwoTexts(_ pair: (Sample, Sample)) {
  #expect(canonicalText(of: pair.0) != canonicalText(of: pair.1))
}

@Test func theDigestIsThatOfTheBytes() {
  // FIPS 180-4, the example "abc".
  #expect(digest(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
}
