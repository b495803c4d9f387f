import Diagnostics
import Reconcile

extension Loader {
  /// A constellation's name as a manifest may have it.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, UInt8(ascii: "a")...UInt8(ascii: "z") ~= first, text.utf8.count <= 31 else {
      return false
    }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
      default: false
      }
    }
  }

  /// Two of one name would undo each other's work.
  static func checkNames(_ goals: [Goal], _ faults: inout Diagnostics) {
    var seen: Set<String> = []
    for goal in goals where !seen.insert(goal.constellation).inserted {
      faults.error(
        "\(goal.constellation) is named twice", at: nil,
        remedy: "name each constellation once; two directories need two names (the key name)")
    }
  }

  /// What only one may have: planned on their own, two constellations would each find it free.
  static func checkClaims(_ goals: [Goal], _ faults: inout Diagnostics) {
    var exact: [Claim: (Goal, ResourceAddress)] = [:]
    var ranges: [(Claim, Goal, ResourceAddress)] = []
    func conflict(_ claim: Claim, _ goal: Goal, _ address: ResourceAddress, _ other: Goal, _ holder: ResourceAddress) {
      guard goal.constellation != other.constellation else { return }
      faults.error(
        "\(address) of \(goal.constellation) and \(holder) of \(other.constellation) both need \(claim.words)", at: nil,
        remedy: "give one of them another")
    }
    for goal in goals {
      for address in goal.graph.order {
        for claim in goal.graph.resources[address]?.claims ?? [] {
          switch claim {
          case .subnet, .port:
            for (other, from, holder) in ranges where other.conflicts(with: claim) {
              conflict(claim, goal, address, from, holder)
            }
            ranges.append((claim, goal, address))
          case .link, .table, .path:
            if let (from, holder) = exact[claim] {
              conflict(claim, goal, address, from, holder)
            } else {
              exact[claim] = (goal, address)
            }
          }
        }
      }
    }
  }
}
