import Network

@testable import Reachability

/// Questions of chance about a network: every pair of parties by all their addresses, each by tcp, udp and icmp.
struct QuestionMaker {
  private let network: CompiledNetwork
  private let topology: Topology
  private let ports: [UInt16]
  private var random: SeededRandom
  private(set) var questions: [PacketQuestion] = []

  init(_ network: CompiledNetwork, ports: [UInt16], seed: UInt64) {
    self.network = network
    self.ports = ports
    topology = Topology(network)
    random = SeededRandom(seed: seed ^ 0x7061_636b)
    for machine in network.machines.indices {
      for destination in destinations(besides: machine) { ask(from: machine, to: destination) }
    }
    askFromHost()
    askFromWorld()
  }

  private struct Destination {
    var address: IPAddress
    var isForHost = false
  }

  private static func addresses(_ texts: [String]) -> [IPAddress] { texts.compactMap { IPAddress($0) } }

  private func machineAddresses(besides own: Int? = nil) -> [Destination] {
    network.machines.indices.filter { $0 != own }.flatMap { number in
      network.machines[number].interfaces.flatMap(\.addresses).map { Destination(address: $0.address) }
    }
  }

  private var hostAddresses: [Destination] {
    network.bridges.flatMap(\.addresses).map { Destination(address: $0.address) }
      + Self.addresses(PacketStage.uplink).map { Destination(address: $0, isForHost: true) }
  }

  private func destinations(besides own: Int) -> [Destination] {
    machineAddresses(besides: own) + hostAddresses
      + Self.addresses(PacketStage.world).map { Destination(address: $0) }
  }

  private mutating func ask(from machine: Int, to destination: Destination) {
    let interfaces = network.machines[machine].interfaces
    let family = destination.address.family
    let near = interfaces.firstIndex { $0.addresses.contains { $0.prefix.contains(destination.address) } }
    guard let way = near.map({ ($0, destination.address) }) ?? network.wayOut(of: machine, family) else { return }
    guard let source = interfaces[way.0].addresses.map(\.address).first(where: { $0.family == family }) else { return }
    var question = PacketQuestion(
      from: network.machines[machine].name,
      way: .port(Topology.Port(machine: machine, interface: way.0), next: way.1),
      packet: Packet.ping(from: source, to: destination.address), isForHost: destination.isForHost)
    ask(question)
    guard random.isTrue(percent: 25) else { return }
    let others =
      machineAddresses(besides: machine).map(\.address)
      + Self.addresses(["172.16.0.7", "fd99::7", PacketStage.world[2], PacketStage.world[4]])
    let foreign = others.filter { $0.family == family && $0 != destination.address }
    question.packet.source = random.one(of: foreign)
    question.isHonest = false
    ask(question)
  }

  private mutating func askFromHost() {
    for destination in machineAddresses() {
      let bridge = network.bridges.first { $0.addresses.contains { $0.prefix.contains(destination.address) } }
      guard let source = bridge?.addresses.first(where: { $0.address.family == destination.address.family })
      else { continue }
      ask(
        PacketQuestion(from: "host", way: .host, packet: .ping(from: source.address, to: destination.address)))
    }
    for own in hostAddresses + [Destination(address: .v4(0x7f00_0001))] {
      ask(
        PacketQuestion(
          from: "host", way: .host, packet: .ping(from: own.address, to: own.address), isForHost: own.isForHost))
    }
  }

  private mutating func askFromWorld() {
    for destination in machineAddresses() + hostAddresses {
      let sources = Self.addresses(PacketStage.world).filter { $0.family == destination.address.family }
      ask(
        PacketQuestion(
          from: "world", way: .outside, packet: .ping(from: random.one(of: sources), to: destination.address),
          isForHost: destination.isForHost))
    }
  }

  /// A ping, and the same by tcp and udp to ports of chance.
  private mutating func ask(_ ping: PacketQuestion) {
    questions.append(ping)
    for _ in 0..<2 {
      var question = ping
      question.packet.payload = .tcp(from: 0, to: random.one(of: ports))
      questions.append(question)
      question.packet.payload = .udp(from: 0, to: random.one(of: ports))
      questions.append(question)
    }
  }
}

extension CompiledNetwork {
  /// The interface by which a VM goes to the host with what is on none of its bridges, and the host's address there; nil
  /// where it has no address of the family.
  func wayOut(of machine: Int, _ family: IPAddress.Family) -> (interface: Int, next: IPAddress)? {
    for (place, interface) in machines[machine].interfaces.enumerated()
    where interface.addresses.contains(where: { $0.address.family == family }) {
      let master = taps.first { $0.link == interface.tap }?.master
      let bridge = bridges.first { $0.link == master }
      if let host = bridge?.addresses.first(where: { $0.address.family == family }) { return (place, host.address) }
    }
    return nil
  }
}
