import Network

/// The maps and sets of the inet table that hold the ports of the host that lead to VMs.
struct ForwardSets {
  private let policy: FilterPolicy

  init(_ policy: FilterPolicy) { self.policy = policy }

  var all: [SetDefinition] { IPAddress.Family.allCases.flatMap(sets) + [bridges] }

  private func sets(_ family: IPAddress.Family) -> [SetDefinition] {
    let names = ForwardSetName(family)
    let type: FieldType = family == .v4 ? .ipv4 : .ipv6
    var anywhere: [[UInt8]: SetElement] = [:]
    var somewhere: [[UInt8]: SetElement] = [:]
    var targets: [[UInt8]: SetElement] = [:]
    func put(_ element: SetElement, in elements: inout [[UInt8]: SetElement]) {
      // The first of two counts, as the kernel has it.
      if elements[element.key] == nil { elements[element.key] = element }
    }
    for forward in policy.forwards {
      let transport = Field.byte(forward.transport.number)
      for target in forward.targets where target.family == family {
        let way = SetElement.Value.data(SetElement.key([.address(target), .port(forward.port)]))
        let port = Field.port(forward.hostPort)
        if let address = forward.address {
          put(SetElement(.address(address), transport, port, to: way, comment: forward.name), in: &somewhere)
        } else {
          put(SetElement(transport, port, to: way, comment: forward.name), in: &anywhere)
        }
        put(SetElement(.address(target), transport, .port(forward.port), comment: forward.name), in: &targets)
      }
    }
    return [
      SetDefinition(
        names.anywhere, [.transport, .port], to: .fields([type, .port]), elements: Set(anywhere.values)),
      SetDefinition(
        names.somewhere, [type, .transport, .port], to: .fields([type, .port]), elements: Set(somewhere.values)),
      SetDefinition(names.target, [type, .transport, .port], elements: Set(targets.values)),
    ]
  }

  /// Each bridge with itself.
  private var bridges: SetDefinition {
    SetDefinition(
      ForwardSetName.sameBridge, [.link, .link],
      elements: Set(
        policy.bridges.filter(\.isOurs).map {
          SetElement(.link($0.link), .link($0.link), comment: "bridges.\($0.name)")
        }))
  }
}

/// Names of the sets that hold forwards, of one family.
struct ForwardSetName {
  private let number: String

  init(_ family: IPAddress.Family) { number = family == .v4 ? "4" : "6" }

  /// Protocol and port of any of the host's addresses, to address and port.
  var anywhere: String { "forward\(number)" }
  /// Address, protocol and port, to address and port.
  var somewhere: String { "forward\(number)_at" }
  /// Address, protocol and port that something leads to.
  var target: String { "forward\(number)_target" }
  /// Bridges with themselves.
  static let sameBridge = "br_same"
}
