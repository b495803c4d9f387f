import Network

/// What is known of each VM: sums of hashes, since the order in which it is learned means nothing.
struct MachineSignatures {
  private let network: CompiledNetwork
  private(set) var all: [Digest]
  /// The names, addresses and MACs of VMs, as a key holds them.
  private var tokens: [FieldValue: Token] = [:]
  /// VMs that others send by.
  private var routers: Set<Int> = []

  struct Digest: Hashable {
    var low: UInt64 = 0
    var high: UInt64 = 0

    /// Of what is fed, 128 bits.
    init(_ feed: (inout Hasher) -> Void) {
      var hasher = Hasher()
      feed(&hasher)
      var other = hasher
      other.combine(1)
      low = UInt64(bitPattern: Int64(hasher.finalize()))
      high = UInt64(bitPattern: Int64(other.finalize()))
    }

    init() {}

    static func += (a: inout Digest, b: Digest) {
      a.low &+= b.low
      a.high &+= b.high
    }
  }

  private struct Token {
    var machine: Int
    /// Which of the VM's own.
    var number: Int
  }

  init(_ network: CompiledNetwork) {
    self.network = network
    all = Array(repeating: Digest(), count: network.machines.count)
    for (index, machine) in network.machines.enumerated() {
      var number = 0
      func add(_ value: FieldValue) {
        tokens[value] = Token(machine: index, number: number)
        number += 1
      }
      for interface in machine.interfaces {
        add(FieldValue(Field.link(interface.tap).bytes))
        add(FieldValue(interface.mac.bytes))
        for address in interface.addresses { add(FieldValue(address.address)) }
        add(FieldValue(interface.mac.linkLocalAddress))
      }
    }
    for machine in network.machines {
      for gateway in machine.interfaces.flatMap(\.gateways) {
        if let router = tokens[FieldValue(gateway)] { routers.insert(router.machine) }
      }
    }
  }

  /// Where each is plugged in, and where its addresses lie among the edges of ranges.
  mutating func addPlaces() {
    let taps = Dictionary(network.taps.map { ($0.link, $0) }) { first, _ in first }
    let edges = edges
    for (index, machine) in network.machines.enumerated() {
      all[index] += Digest { hasher in
        hasher.combine(routers.contains(index) ? index : -1)
        hasher.combine(machine.interfaces.count)
        for interface in machine.interfaces {
          let tap = taps[interface.tap]
          hasher.combine(tap?.master)
          hasher.combine(tap?.group)
          hasher.combine(tap?.isUp)
          hasher.combine(tap?.isIsolated)
          hasher.combine(interface.gateways)
          for address in interface.addresses {
            hasher.combine(address.prefix)
            hasher.combine(edges.partitioningIndex { $0 > address.address })
          }
        }
      }
    }
  }

  /// Where ranges begin, and after where they end; sorted.
  private var edges: [IPAddress] {
    var edges: Set<IPAddress> = []
    for set in network.tables.flatMap(\.sets.values) where set.isInterval {
      for element in set.elements {
        guard let last = element.last else { continue }
        set.forEachField(of: element.key) { field, type, range in
          guard [.ipv4, .ipv6].contains(type), element.key[range] != last[range],
            let first = IPAddress(bytes: element.key[range]), let last = IPAddress(bytes: last[range])
          else { return }
          edges.insert(first)
          if let next = last.advanced(by: 1) { edges.insert(next) }
        }
      }
    }
    return edges.sorted()
  }

  /// What members of sets say of each VM; answers with the pairs that they say something of together.
  mutating func addMembers() -> Set<MachinePair> {
    var pairs: Set<MachinePair> = []
    for (number, table) in network.tables.enumerated() {
      for set in table.sets.values {
        let name = Digest { hasher in
          hasher.combine(number)
          hasher.combine(set.name)
        }
        for element in set.elements {
          let named = mentioned(by: element, of: set)
          guard let first = named.first else { continue }
          let machines = named.count == 1 ? [first.token.machine] : Set(named.map(\.token.machine))
          guard machines.count == 1 || machines.subtracting(routers).count < 2 else {
            for machine in machines {
              for other in machines where other != machine {
                pairs.insert(MachinePair(from: machine, to: other))
              }
            }
            continue
          }
          for machine in machines {
            all[machine] += Digest { hasher in
              hasher.combine(name)
              hash(element, named.filter { $0.token.machine == machine }, of: set, &hasher)
            }
          }
        }
      }
    }
    return pairs
  }

  /// The fields of a member, key first, that are a VM's own, by where they begin.
  private func mentioned(by element: SetElement, of set: SetDefinition) -> [(start: Int, token: Token)] {
    var found: [(Int, Token)] = []
    set.forEachField(of: element.key) { start, type, range in
      // Both ends of a range together: neither alone is anybody's.
      guard type.isOfMachines, element.isExact(range), let token = tokens[FieldValue(element.key[range])]
      else { return }
      found.append((start, token))
    }
    if case .data(let bytes) = element.value, case .fields(let types) = set.value {
      SetDefinition.forEachField(of: bytes, types) { start, type, range in
        guard type.isOfMachines, let token = tokens[FieldValue(bytes[range])] else { return }
        found.append((element.key.count + start, token))
      }
    }
    return found
  }

  private func hash(
    _ element: SetElement, _ own: [(start: Int, token: Token)], of set: SetDefinition, _ hasher: inout Hasher
  ) {
    func feed(_ start: Int, _ bytes: ArraySlice<UInt8>) {
      if let (_, token) = own.first(where: { $0.start == start }) {
        hasher.combine(token.number)
      } else {
        hasher.combine(FieldValue(bytes))
      }
    }
    set.forEachField(of: element.key) { start, _, range in
      feed(start, element.key[range])
      if let last = element.last, !element.isExact(range) { feed(-1, last[range]) }
    }
    if case .data(let bytes) = element.value, case .fields(let types) = set.value {
      SetDefinition.forEachField(of: bytes, types) { start, _, range in feed(element.key.count + start, bytes[range]) }
    }
    if case .verdict(let verdict) = element.value { hasher.combine(verdict) }
    hasher.combine(element.isUnknown)
  }

  /// What the rules themselves name: an address, the beginning of one, a name.
  mutating func addConstants() {
    let tests = RuleTest.all(of: network.tables)
    for (value, token) in tokens {
      for (number, test) in tests.enumerated() where test.holds(for: value) {
        all[token.machine] += Digest { hasher in
          hasher.combine(number)
          hasher.combine(token.number)
        }
      }
    }
  }
}

extension FieldType {
  /// VMs have some of their own.
  fileprivate var isOfMachines: Bool {
    switch self {
    case .ipv4, .ipv6, .neighborTarget, .mac, .link: true
    case .transport, .port, .icmpType, .mark, .conntrackState, .icmp6Type: false
    }
  }
}

extension SetElement {
  fileprivate func isExact(_ range: Range<Int>) -> Bool { last.map { $0[range] == key[range] } ?? true }
}

extension SetDefinition {
  /// Where each field begins, its type, and its bytes without padding.
  fileprivate func forEachField(of bytes: [UInt8], _ tell: (Int, FieldType, Range<Int>) -> Void) {
    Self.forEachField(of: bytes, key, tell)
  }

  fileprivate static func forEachField(
    of bytes: [UInt8], _ types: [FieldType], _ tell: (Int, FieldType, Range<Int>) -> Void
  ) {
    var start = 0
    for type in types {
      guard start + type.length <= bytes.count else { return }
      tell(start, type, start..<start + type.length)
      start += type.paddedLength
    }
  }
}

extension [IPAddress] {
  /// The first place from which on the condition holds.
  fileprivate func partitioningIndex(where holds: (IPAddress) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
