import Diagnostics
import Host
import HostTesting
import Network
import Reconcile
import Resources
import SystemPackage
import Testing

@testable import MerosCommand

private func loader() throws -> Loader {
  let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
  return Loader(folder: root, data: Scope.test.data, host: .inMemory)
}

private func faults(_ body: () async throws -> Void) async -> [String] {
  do {
    try await body()
    return []
  } catch CommandFailure.diagnostics(let diagnostics) {
    return diagnostics.all.map(\.summary)
  } catch {
    return ["\(error)"]
  }
}

@Test func aConstellationIsFoundByItsName() async throws {
  let (goals, warnings) = try await loader().goals(["quickstart"])
  let goal = try #require(goals.first)
  #expect(goals.count == 1 && !warnings.hasErrors)
  #expect(goal.constellation == "quickstart")
  #expect(goal.path?.hasSuffix("examples/quickstart/constellation.yml") == true)
  #expect(goal.manifestDigest?.count == 64)
  #expect(goal.logins.map(\.machine) == ["web", "client", "db"])
  #expect(goal.graph.resources[ResourceAddress(kind: "vm", name: "web")] != nil)
}

@Test func twoOfOneNameAreRefused() async throws {
  let found = await faults { _ = try await loader().goals(["quickstart", "examples/quickstart"]) }
  #expect(found.contains("quickstart is named twice"))
}

@Test func allFaultsOfAllConstellationsAreToldAtOnce() async throws {
  let found = await faults { _ = try await loader().goals(["nowhere", "neither"]) }
  #expect(found == ["no constellation nowhere", "no constellation neither"])
}

@Test func whatOnlyOneMayHaveIsRefusedToTwoConstellations() throws {
  let subnet = Claim.subnet(try #require(IPPrefix("10.0.0.0/24")))
  let inside = Claim.subnet(try #require(IPPrefix("10.0.0.128/25")))
  let link = Claim.link(try #require(LinkName("lan")))
  var found = Diagnostics()
  let goals = [
    Goal("lab", try ResourceGraph([Toy(name: "bear", claims: [subnet, link])])),
    Goal("shop", try ResourceGraph([Toy(name: "doll", claims: [inside, link])])),
  ]
  Loader.checkClaims(goals, &found)
  #expect(
    Set(found.all.map(\.summary)) == [
      "toy.doll of shop and toy.bear of lab both need subnet 10.0.0.128/25",
      "toy.doll of shop and toy.bear of lab both need link lan",
    ])
}

@Test func destroyNeedsOnlyAName() throws {
  let (goals, warnings) = try loader().destructions(["gone", "quickstart"])
  #expect(goals.map(\.constellation) == ["gone", "quickstart"])
  #expect(goals.allSatisfy { $0.isDestruction && $0.graph.resources.isEmpty })
  #expect(warnings.all.map(\.summary) == ["no manifest of gone lies here: what carries its mark is destroyed"])
  #expect(try loader().destructions(["quickstrat"]).1.all.first?.remedy == "did you mean quickstart?")
}

@Test func whatCannotBeANameIsNotDestroyed() async {
  for name in ["Gone", "../gone", "-gone", "1st", "a_b", "", String(repeating: "a", count: 32)] {
    let found = await faults { _ = try loader().destructions([name]) }
    #expect(!found.isEmpty)
  }
}
