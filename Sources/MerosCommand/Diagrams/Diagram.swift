import Reconcile

/// A picture of a constellation before anybody decides how it is drawn: things, and lines between them. Everything in
/// it is in an order that is the same every time.
struct Diagram: Equatable, Sendable {
  var constellation: String
  var subject: Subject
  /// It shows what a plan does to things: those without a fate stay as they are.
  var showsPlan: Bool
  var groups: [Group] = []
  var nodes: [Node] = []
  var edges: [Edge] = []

  enum Subject: String, Sendable {
    case resources, network
  }

  /// Things that a person draws within one frame.
  struct Group: Equatable, Sendable {
    var id: String
    var label: String
    /// The thing of it that the frame stands for: a bridge, with its VMs around it. nil: none.
    var head: String?
  }

  struct Node: Equatable, Sendable {
    /// Unique: an address, or what a party of the network is called.
    var id: String
    var label: String
    var category: Category
    /// What is worth knowing of it, one line each; the first is the best.
    var facts: [String] = []
    /// The identity of its group.
    var group: String?
    /// The VM that it belongs to, or is.
    var machine: String?
    var fate: Fate?
    /// What the plan does to it and why, one line each.
    var plan: [String] = []
  }

  /// What a thing is. The raw value is what programs read; of a resource it is its kind.
  enum Category: String, Sendable, CaseIterable {
    case kernel, rootfs, image, disk, key, firewall, forwarding, bridge, dns, tap, vm
    case host, world
    /// Addresses of the world of which something else is true than of the rest.
    case addresses
    /// A kind that no picture knows yet.
    case other
  }

  struct Edge: Equatable, Hashable, Sendable {
    var from: String
    var to: String
    var kind: Kind
    /// Empty: none.
    var label = ""
    /// nil: it is there and stays.
    var fate: Fate?
    /// It is so in every constellation and says little of this one.
    var isUsual = false

    enum Kind: String, Sendable {
      /// `from` stands on `to`.
      case dependency
      /// An interface is plugged into a bridge, a bridge has addresses of the host, the host has a way to the world.
      case cable
      /// `from` may start that to `to`.
      case reach
      /// A port of the host leads to a VM.
      case forward
      /// `to` is the gateway of `from`.
      case route

      /// It has no direction.
      var isCable: Bool { self == .cable }
    }
  }

  /// What becomes of a thing.
  enum Fate: Hashable, Sendable {
    case change(Change.Verb, Disruption)
    /// No longer wanted, and stays.
    case kept
    /// Differs, and stays so until a person asks for more.
    case pending

    var symbol: String {
      switch self {
      case .change(let verb, _): verb.symbol
      case .kept: "="
      case .pending: "?"
      }
    }

    /// What the symbol means.
    var meaning: String {
      switch self {
      case .change(let verb, _): verb.meaning
      case .kept: "no longer wanted, and kept"
      case .pending: "differs, and waits to be asked for"
      }
    }

    /// One word for programs.
    var code: String {
      switch self {
      case .change(let verb, _): verb.rawValue
      case .kept: "kept"
      case .pending: "pending"
      }
    }
  }
}

extension Diagram {
  /// What stands for fates that occur, in the order in which they are told.
  var fates: [Fate] {
    let used = Set((nodes.compactMap(\.fate) + edges.compactMap(\.fate)).map(\.code))
    let all = Change.Verb.allCases.map { Fate.change($0, .none) } + [.kept, .pending]
    return all.filter { used.contains($0.code) }
  }

  /// What the symbols of the fates mean, one each.
  var legend: [String] { fates.map { "\($0.symbol) \($0.meaning)" } }

  /// The frames that text draws, with what stands in each. A picture of resources has none: they would cut its columns apart.
  var frames: [(label: String, nodes: [Node])] {
    guard subject == .network else { return [] }
    return groups.map { group in (group.label, nodes.filter { $0.group == group.id }) }
  }

  /// What stands in no frame.
  var unframed: [Node] {
    let framed = Set(frames.flatMap(\.nodes).map(\.id))
    return nodes.filter { !framed.contains($0.id) }
  }

  /// What text says of a thing: the rest is for whoever can be asked for more.
  func lines(of node: Node) -> [String] {
    switch subject {
    case .network: [node.markedLabel] + node.facts.prefix(3)
    case .resources: [node.markedLabel, node.category.rawValue] + node.facts.prefix(1)
    }
  }

  mutating func add(_ node: Node) {
    if !nodes.contains(where: { $0.id == node.id }) { nodes.append(node) }
  }
}

extension Diagram.Node {
  /// The label, after the symbol of what becomes of it.
  var markedLabel: String { fate.map { "\($0.symbol) \(label)" } ?? label }
}

extension Diagram.Edge {
  /// As if it were there and stayed.
  var plain: Self { Diagram.Edge(from: from, to: to, kind: kind, label: label) }

  var markedLabel: String {
    guard let fate else { return label }
    return label.isEmpty ? fate.symbol : "\(fate.symbol) \(label)"
  }
}
