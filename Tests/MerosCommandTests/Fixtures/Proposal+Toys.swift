import Reconcile

@testable import MerosCommand

extension Proposal {
  /// From what there is to what should be, all of toys.
  static func toys(
    _ constellation: String = "lab", from before: [Toy] = [], to after: [Toy], notes: [String] = [],
    foreign: [ForeignClaim] = [], options: PlanOptions = .init()
  ) throws(GraphError) -> Proposal {
    let goal = Goal(constellation, try ResourceGraph(after), path: "/lab/constellation.yml", notes: notes)
    return Proposal(goal, ToyWorld(before).observation(foreign: foreign), kinds: [Toy.self], options: options)
  }

  /// All that there is goes.
  static func destroying(_ before: [Toy], options: PlanOptions = .init()) -> Proposal {
    Proposal(Goal(destroying: "lab"), ToyWorld(before).observation(), kinds: [Toy.self], options: options)
  }
}
