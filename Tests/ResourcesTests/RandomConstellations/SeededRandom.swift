/// The same numbers for the same seed on every machine: SplitMix64 (Steele, Lea and Flood 2014).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var number = state
    number = (number ^ number >> 30) &* 0xbf58_476d_1ce4_e5b9
    number = (number ^ number >> 27) &* 0x94d0_49bb_1331_11eb
    return number ^ number >> 31
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func isTrue(percent: Int) -> Bool { number(1...100) <= percent }

  mutating func one<Element>(of elements: [Element]) -> Element {
    guard let element = elements.randomElement(using: &self) else { preconditionFailure("nothing to choose from") }
    return element
  }
}
