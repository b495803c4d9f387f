/// A manifest of chance: bridges of any policy, VMs on them, flows and forwards; always one that is valid.
struct RandomManifest {
  let seed: UInt64
  /// Whether all bridges are made by us.
  var isAllOurs: Bool { bridges.allSatisfy(\.isCreated) }
  /// Of YAML.
  private(set) var text = ""
  /// Ports that something is asked at: those that the manifest names and their neighbours.
  private(set) var ports: [UInt16] = [22, 53, 80]
  private var random: SeededRandom
  private var bridges: [Bridge] = []
  private var machines: [Machine] = []

  private struct Bridge {
    var name: String
    var number: Int
    var hasIPv6: Bool
    var isCreated: Bool
    var line: String
  }

  private struct Machine {
    var name: String
    /// By the family: "v4", "v6".
    var addresses: [(family: String, text: String)]
    /// One of its bridges is somebody else's, which nothing leads to from the host's loopback address.
    var isAbroad: Bool
  }

  /// Of the world: single addresses that somebody has, and networks around them.
  private static let places = [
    "192.0.2.9", "192.0.2.0/24", "198.51.100.0/25", "2001:db8:7::9", "2001:db8:7::/48", "2001:db8:8::/47",
  ]

  init(seed: UInt64) {
    self.seed = seed
    random = SeededRandom(seed: seed)
    for number in 1...random.number(1...3) { bridges.append(bridge(number)) }
    var lines = ["bridges:"] + bridges.map { "  \($0.name): {\($0.line)}" }
    lines.append("virtual_machines:")
    for number in 1...random.number(2...5) { lines.append(machine(number)) }
    lines.append("flows:")
    for _ in 0..<random.number(0...5) { lines.append("  - {\(flow())}") }
    if lines.last == "flows:" { lines.removeLast() }
    lines.append("forwards:")
    for number in 0..<random.number(0...3) { lines.append("  - {\(forward(number))}") }
    if lines.last == "forwards:" { lines.removeLast() }
    text = lines.joined(separator: "\n") + "\n"
    ports = Array(Set(ports)).sorted()
  }

  private mutating func bridge(_ number: Int) -> Bridge {
    let hasIPv6 = random.isTrue(percent: 85)
    let policy = random.one(of: ["isolated", "host-access", "nat", "routed", "open"])
    var words = ["subnet: 10.\(number).0.1/\(random.one(of: [16, 24, 28]))", "policy_type: \(policy)"]
    if hasIPv6 { words.append("subnet6: \"fd0\(number)::1/\(random.one(of: [48, 64, 112]))\"") }
    if random.isTrue(percent: 60) { words.append("allow_icmp: \(random.isTrue(percent: 50))") }
    let isCreated = random.isTrue(percent: 94)
    if !isCreated { words.append("auto_create: false") }
    if isCreated, random.isTrue(percent: 35) { words.append("peers: isolated") }
    if random.isTrue(percent: 50) { words.append("dns: false") }
    if policy != "isolated", random.isTrue(percent: 60) {
      words.append("allowed_ports: [\(ports(random.number(1...3)))]")
    }
    if random.isTrue(percent: 40) {
      let others = bridges.map { "10.\($0.number).0.0/24" }
      let allowed = (0..<random.number(1...2)).map { _ in "\"\(random.one(of: Self.places + others))\"" }
      words.append("allowed_ips: [\(Set(allowed).sorted().joined(separator: ", "))]")
    }
    return Bridge(
      name: "net\(number)", number: number, hasIPv6: hasIPv6, isCreated: isCreated, line: words.joined(separator: ", "))
  }

  private mutating func machine(_ number: Int) -> String {
    var addresses: [(family: String, text: String)] = []
    let first = random.one(of: bridges)
    var networks = [first]
    if random.isTrue(percent: 15), let other = bridges.first(where: { $0.number != first.number }) {
      networks.append(other)
    }
    let texts = networks.map { bridge in
      var own: [String] = []
      if random.isTrue(percent: 90) || !bridge.hasIPv6 {
        own.append("10.\(bridge.number).0.\(1 + number)")
        addresses.append(("v4", own[0]))
      }
      if bridge.hasIPv6, own.isEmpty || random.isTrue(percent: 85) {
        own.append("fd0\(bridge.number)::\(1 + number)")
        addresses.append(("v6", own[own.count - 1]))
      }
      var words = "bridge: \(bridge.name), ip_addr: [\(own.map { "\"\($0)\"" }.joined(separator: ", "))]"
      if random.isTrue(percent: 12) { words += ", allowed_sources: [172.16.0.0/12, \"fd99::/32\"]" }
      return "{\(words)}"
    }
    machines.append(
      Machine(name: "vm\(number)", addresses: addresses, isAbroad: networks.contains { !$0.isCreated }))
    return "  vm\(number): {networks: [\(texts.joined(separator: ", "))]}"
  }

  private mutating func flow() -> String {
    let outside = ["world", "host"]
    let ours = machines.map(\.name) + bridges.map { "bridge:\($0.name)" }
    let some = Self.places + machines.flatMap { $0.addresses.map(\.text) } + bridges.map { "10.\($0.number).0.0/30" }
    var (from, to) = (random.one(of: ours), random.one(of: ours))
    switch random.number(0...9) {
    case 0...2: to = random.one(of: outside)
    case 3: from = random.one(of: outside)
    case 4: from = random.one(of: some)
    case 5: to = random.one(of: some)
    default: break
    }
    let words = "from: \"\(from)\", to: \"\(to)\""
    return random.isTrue(percent: 30) ? words : "\(words), ports: [\(ports(random.number(1...2)))]"
  }

  private mutating func forward(_ number: Int) -> String {
    let machine = random.one(of: machines)
    let families = Set(machine.addresses.map(\.family))
    var places: [String] = ["", ""]
    if families.contains("v4") { places += ["0.0.0.0", "203.0.113.2"] + (machine.isAbroad ? [] : ["127.0.0.1"]) }
    if families.contains("v6") { places += ["::", "2001:db8:f::2"] }
    let place = random.one(of: places)
    let (host, port) = (UInt16(8080 + number), random.one(of: ports))
    ports += [host]
    var words = "host: \(host), to: \(machine.name), port: \(port), proto: \(random.one(of: ["tcp", "udp"]))"
    if !place.isEmpty { words += ", address: \"\(place)\"" }
    return words
  }

  /// Ports and ranges as a list holds them.
  private mutating func ports(_ count: Int) -> String {
    (0..<count).map { _ in
      let first = random.one(of: [UInt16(22), 53, 80, 443, 5432, 7000])
      let transport = random.one(of: ["", "/tcp", "/udp"])
      guard random.isTrue(percent: 30) else {
        ports += [first]
        return "\(first)\(transport)"
      }
      let last = first + UInt16(random.number(1...9))
      ports += [first - 1, first, last, last + 1]
      return "\(first)-\(last)\(transport)"
    }.joined(separator: ", ")
  }
}
