import Glibc
import Host
import LinuxHost
import NFTables
import Netlink
import Network

/// Ten thousand members of one set, beside `nft` and beside a bare sender of the same bytes.
struct MembersCase: BenchCase {
  let name: String
  let purpose: String
  let members: Members
  /// How many times faster than nft each has to be.
  let load: Double
  let observe: Double
  let change: Double

  func measure(_ settings: Settings) async throws -> [Finding] {
    try await Stage.with { stage in
      let work = try MembersWork(members, stage)
      let rounds = settings.rounds ?? 7
      // The peer first: what nft made of its own words must be what we would make.
      try work.clear()
      try work.loadByNFT()
      guard try await work.isAsWanted() else {
        throw BenchFailure("nft makes something else of its words than we of the values")
      }

      let loads = try await Pairs(rounds, ours: work.load, theirs: work.timedLoadByNFT)
      let commits = try await Pairs(rounds, ours: work.commit, theirs: work.sendBare)
      try work.clear()
      try work.loadByNFT()
      let looks = try await Pairs(rounds, ours: work.observe, theirs: work.listByNFT)
      let changes = try await Pairs(rounds, ours: work.changeOne, theirs: work.changeOneByNFT)
      let wholes = try await Pairs(rounds, ours: work.changeOneWhole, theirs: work.changeOneByNFT)
      return [
        loads.finding("load", against: "nft -f", .faster(load)),
        looks.finding("observe", against: "nft -j list table", .faster(observe)),
        changes.finding("change one: netlink", against: "nft -f", .faster(change)),
        wholes.finding("change one: look, compare, commit", against: "nft -f", .none),
        commits.finding("commit all", against: "bare sender of the same bytes", .within(2)),
      ]
    }
  }
}
