package import Diagnostics
package import Host
package import Manifest
package import Network
package import Reconcile

/// What a manifest amounts to on this machine: the resources, and what is worth telling about them.
package struct Desired: Sendable {
  package let graph: ResourceGraph
  /// Warnings and notes; no errors.
  package let notes: Diagnostics
  /// How to reach each VM that has an address, in the order of the manifest.
  package let logins: [Login]

  /// A VM that answers to ssh at an address.
  package struct Login: Hashable, Sendable {
    package var machine: String
    package var address: IPAddress
  }

  /// Throws what stands against it: a missing kernel file, two things of one name.
  package init(_ manifest: Manifest, _ inputs: Inputs, scope: Scope) throws(Diagnostics) {
    var builder = GraphBuilder(manifest: manifest, inputs: inputs, naming: Naming(scope))
    let resources = builder.resources()
    try builder.diagnostics.throwIfErrors()
    do throws(GraphError) {
      graph = try ResourceGraph(resources)
    } catch {
      throw Diagnostics(Diagnostic(error, in: manifest))
    }
    if !manifest.expectations.isEmpty {
      builder.diagnostics.append(contentsOf: ExpectationCheck(graph).faults(of: manifest.expectations))
      try builder.diagnostics.throwIfErrors()
    }
    notes = builder.diagnostics
    logins = manifest.virtualMachines.compactMap { machine in
      let first = machine.networks.lazy.flatMap(\.addresses).first
      return first.map { Login(machine: machine.name.value, address: $0.value.address) }
    }
  }
}

extension Desired {
  /// Its kernels alone, and those from git that no VM boots: these for the architecture `arch`.
  package init(kernelsOf manifest: Manifest, _ inputs: Inputs, arch: String, scope: Scope) throws(Diagnostics) {
    var builder = GraphBuilder(manifest: manifest, inputs: inputs, naming: Naming(scope))
    let kernels = builder.kernels(arch: arch)
    try builder.diagnostics.throwIfErrors()
    do throws(GraphError) {
      graph = try ResourceGraph(kernels)
    } catch {
      throw Diagnostics(Diagnostic(error, in: manifest))
    }
    notes = builder.diagnostics
    logins = []
  }
}

extension Diagnostic {
  /// Two resources that cannot both be: names that meros makes of the manifest's names meet.
  fileprivate init(_ error: GraphError, in manifest: Manifest) {
    let location = manifest.name.location
    switch error {
    case .duplicate(let address):
      self.init(.error, "two things are called \(address)", at: location, remedy: "rename one of them")
    case .claimedTwice(let claim, let one, let other):
      self.init(
        .error, "\(one) and \(other) both need \(claim)", at: location, remedy: "rename one of them, or give it another"
      )
    case .circle(let addresses):
      let path = addresses.map(\.description).joined(separator: " -> ")
      self.init(.error, "these stand on each other: \(path)", at: location, remedy: "take one `depends_on` away")
    }
  }
}
