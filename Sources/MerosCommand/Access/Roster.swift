package import Host
package import Network

/// The VMs of a constellation as far as anybody knows: those that its manifest names, and those that run or have run.
package struct Roster: Equatable, Sendable {
  package let constellation: String
  /// As a person named the constellation, for commands that are to find it.
  package let argument: String
  /// In the order of the manifest; behind them those that it does not name, by name.
  package let entries: [Entry]

  package struct Entry: Equatable, Sendable {
    package let name: String
    /// The first that it was started with; of one that does not run, the first that the manifest gives it. nil: none.
    package let address: IPAddress?
    /// nil: it does not run, not in this network namespace.
    package let machine: ObservedMachine?
  }

  /// - Parameters:
  ///   - written: names and first addresses, from the manifest.
  ///   - traces: names of VMs that do not run but have left logs.
  package init(
    _ constellation: String, argument: String? = nil, written: [(name: String, address: IPAddress?)],
    running: [ObservedMachine], traces: [String]
  ) {
    self.constellation = constellation
    self.argument = argument ?? constellation
    let named = Set(written.map(\.name))
    let others = Set(running.map(\.name) + traces).subtracting(named).sorted()
    entries = (written + others.map { ($0, nil) }).map { name, address in
      let machine = running.first { $0.name == name }
      return Entry(name: name, address: machine?.firstAddress ?? address, machine: machine)
    }
  }
}

extension ObservedMachine {
  /// The first address of the first interface that has one; nil where there is none, or it cannot be told.
  fileprivate var firstAddress: IPAddress? {
    var index = 0
    while attributes["networks[\(index)].tap"] != nil {
      let first = attributes["networks[\(index)].ip_addr"]?.split(separator: " ").first
      if let address = first.flatMap({ InterfaceAddress($0) }) { return address.address }
      index += 1
    }
    return nil
  }
}
