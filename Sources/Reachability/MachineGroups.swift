import Network

/// VMs that no rule and no member of a set tells apart, but for members that name two VMs at once.
struct MachineGroups {
  /// Places in the network's list, by group; each group in order.
  private(set) var groups: [[Int]] = []
  /// By the place in the network's list.
  private(set) var group: [Int] = []
  /// Pairs that a member of a set names together: what passes between them is a matter of their own.
  private(set) var pairs: Set<Pair> = []

  struct Pair: Hashable {
    var from: Int
    var to: Int
  }

  init(_ network: CompiledNetwork) {
    var signatures = Signatures(network)
    signatures.addPlaces()
    pairs = signatures.addMembers()
    signatures.addConstants()
    var known: [[UInt64]: Int] = [:]
    for (machine, signature) in signatures.all.enumerated() {
      let number = known[signature] ?? groups.count
      if number == groups.count {
        known[signature] = number
        groups.append([])
      }
      groups[number].append(machine)
      group.append(number)
    }
  }
}

/// What is known of each VM: sums of hashes, since the order in which it is learned means nothing.
private struct Signatures {
  private let network: CompiledNetwork
  private(set) var all: [[UInt64]]
  /// The names, addresses and MACs of VMs, as a key holds them.
  private var tokens: [[UInt8]: Token] = [:]
  /// VMs that others send by.
  private var routers: Set<Int> = []

  private struct Token: Hashable {
    var machine: Int
    /// Which of the VM's own.
    var number: Int
  }

  init(_ network: CompiledNetwork) {
    self.network = network
    all = Array(repeating: [0, 0], count: network.machines.count)
    for (index, machine) in network.machines.enumerated() {
      var number = 0
      for interface in machine.interfaces {
        for bytes in [Field.link(interface.tap).bytes, interface.mac.bytes]
          + (interface.addresses.map(\.address) + [interface.mac.linkLocalAddress]).map(\.bytes)
        {
          tokens[bytes] = Token(machine: index, number: number)
          number += 1
        }
      }
    }
    for machine in network.machines {
      for gateway in machine.interfaces.flatMap(\.gateways) {
        if let router = tokens[gateway.bytes] { routers.insert(router.machine) }
      }
    }
  }

  private mutating func add(_ digest: [UInt64], to machine: Int) {
    for (index, number) in digest.enumerated() { all[machine][index] &+= number }
  }

  /// 128 bits.
  private static func digest(_ feed: (inout Hasher) -> Void) -> [UInt64] {
    (0..<2).map { seed in
      var hasher = Hasher()
      hasher.combine(seed)
      feed(&hasher)
      return UInt64(bitPattern: Int64(hasher.finalize()))
    }
  }

  /// Where each is plugged in, and where its addresses lie among the edges of ranges.
  mutating func addPlaces() {
    let taps = Dictionary(network.taps.map { ($0.link, $0) }) { first, _ in first }
    let edges = edges
    for (index, machine) in network.machines.enumerated() {
      let digest = Self.digest { hasher in
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
      add(digest, to: index)
    }
  }

  /// Where ranges begin, and after where they end; sorted.
  private var edges: [IPAddress] {
    var edges: Set<IPAddress> = []
    for set in network.tables.flatMap(\.sets.values) where set.isInterval {
      for element in set.elements {
        guard let last = element.last else { continue }
        for (field, (first, last)) in zip(set.fields(of: element.key), set.fields(of: last)).enumerated() {
          guard [.ipv4, .ipv6].contains(set.key[field]), first != last, let first = IPAddress(bytes: first),
            let last = IPAddress(bytes: last)
          else { continue }
          edges.insert(first)
          if let next = last.advanced(by: 1) { edges.insert(next) }
        }
      }
    }
    return edges.sorted()
  }

  /// What members of sets say of each VM; answers with the pairs that they say something of together.
  mutating func addMembers() -> Set<MachineGroups.Pair> {
    var pairs: Set<MachineGroups.Pair> = []
    for (number, table) in network.tables.enumerated() {
      for set in table.sets.values {
        for element in set.elements {
          let named = mentioned(by: element, of: set)
          guard !named.isEmpty else { continue }
          let machines = Set(named.map(\.token.machine))
          let isShared = machines.subtracting(routers).count > 1
          for machine in machines {
            if isShared {
              for other in machines where other != machine {
                pairs.insert(MachineGroups.Pair(from: machine, to: other))
              }
              continue
            }
            let digest = Self.digest { hasher in
              hasher.combine(number)
              hasher.combine(set.name)
              hash(element, named.filter { $0.token.machine == machine }, of: set, &hasher)
            }
            add(digest, to: machine)
          }
        }
      }
    }
    return pairs
  }

  /// The fields of a member, key first, that are a VM's own.
  private func mentioned(by element: SetElement, of set: SetDefinition) -> [(field: Int, token: Token)] {
    var found: [(Int, Token)] = []
    for (index, bytes) in set.allFields(of: element).enumerated() {
      guard bytes.count == 4 || bytes.count == 6 || bytes.count == 16, let token = tokens[bytes] else { continue }
      found.append((index, token))
    }
    return found
  }

  private func hash(
    _ element: SetElement, _ own: [(field: Int, token: Token)], of set: SetDefinition, _ hasher: inout Hasher
  ) {
    for (index, bytes) in set.allFields(of: element).enumerated() {
      if let (_, token) = own.first(where: { $0.field == index }) {
        hasher.combine(token.number)
      } else {
        hasher.combine(bytes)
      }
    }
    if case .verdict(let verdict) = element.value { hasher.combine(verdict) }
    hasher.combine(element.isUnknown)
  }

  /// What the rules themselves name: an address, the beginning of one, a name.
  mutating func addConstants() {
    var tests: Set<Test> = []
    for table in network.tables {
      for rule in table.chains.values.flatMap(\.rules) {
        var mask: [UInt8]?
        for expression in rule.expressions {
          switch expression {
          case .mask(_, _, let bytes, _): mask = bytes
          case .compare(_, let comparison, let constant):
            tests.insert(
              Test(mask: mask?.count == constant.count ? mask : nil, comparison: comparison, constant: constant))
          default: continue
          }
        }
      }
    }
    let ordered = tests.filter { !$0.constant.isEmpty && $0.constant.count <= 16 }
      .sorted { $0.constant.lexicographicallyPrecedes($1.constant) }
    for (bytes, token) in tokens {
      for (number, test) in ordered.enumerated() where test.holds(for: bytes) {
        let digest = Self.digest { hasher in
          hasher.combine(number)
          hasher.combine(token.number)
        }
        add(digest, to: token.machine)
      }
    }
  }

  /// A comparison with a constant of a rule.
  private struct Test: Hashable {
    var mask: [UInt8]?
    var comparison: Comparison
    var constant: [UInt8]

    func holds(for bytes: [UInt8]) -> Bool {
      guard bytes.count >= constant.count else { return false }
      switch comparison {
      case .equal, .notEqual:
        for index in constant.indices where bytes[index] & (mask?[index] ?? 0xff) != constant[index] { return false }
        return true
      case .less, .greaterOrEqual: return bytes.prefix(constant.count).lexicographicallyPrecedes(constant)
      case .lessOrEqual, .greater: return !constant.lexicographicallyPrecedes(bytes.prefix(constant.count))
      }
    }
  }
}

extension SetDefinition {
  fileprivate func fields(of bytes: [UInt8]) -> [[UInt8]] { Self.split(bytes, key) }

  /// Of the key, of the end of its range where it has one, and of what a map leads to.
  fileprivate func allFields(of element: SetElement) -> [[UInt8]] {
    var all = fields(of: element.key)
    if let last = element.last, last != element.key {
      // Both ends of a range together: neither alone is anybody's.
      all = zip(all, fields(of: last)).map { $0 == $1 ? $0 : $0 + $1 + [0] }
    }
    if case .data(let bytes) = element.value, case .fields(let types) = value { all += Self.split(bytes, types) }
    return all
  }

  private static func split(_ bytes: [UInt8], _ types: [FieldType]) -> [[UInt8]] {
    var start = 0
    return types.map { type in
      defer { start += type.paddedLength }
      return Array(bytes[min(start, bytes.count)..<min(start + type.length, bytes.count)])
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
