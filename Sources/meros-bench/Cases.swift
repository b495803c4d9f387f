/// Every case, in the order in which they run.
enum Cases {
  static let all: [any BenchCase] = [
    MachinesCase(), PlanCase.unchanged, PlanCase.otherPolicy, SecondApplyCase(), StatusCase(), LayersCase(),
    PackCase(), ColdCase(), ChangeCase(), PatchCase(), KernelCase(),
    MembersCase(
      name: "hash-set", purpose: "10,000 members of a set of tap, MAC and address against nft", members: .exact,
      load: 2.5, observe: 5, change: 20),
    MembersCase(
      name: "range-set", purpose: "10,000 ranges of tap and address against nft", members: .ranges,
      load: 1, observe: 1, change: 1),
  ]
}
