import Diagnostics

/// Names of one kind of thing, to look others up in.
struct NameTable {
  /// What they are called: "bridge", and the key that they are written under.
  var noun: String
  var key: String
  private var names: [String]
  private var known: Set<String>

  init(_ noun: String, under key: String, _ names: [String]) {
    self.noun = noun
    self.key = key
    self.names = names
    known = Set(names)
  }

  /// Reports a name that is none of them. `others` are further words that could have been meant.
  func check(_ name: Located<String>, others: [String] = [], _ faults: inout Diagnostics) {
    guard !known.contains(name.value) else { return }
    let remedy: String
    if let near = Nearest.name(to: name.value, among: names + others) {
      remedy = "did you mean \(near)?"
    } else if names.isEmpty || names.count > 8 {
      remedy = "define it under \(key)"
    } else {
      remedy = "define it under \(key), or use one of \(names.joined(separator: ", "))"
    }
    faults.error("no \(noun) is called \(name.value)", at: name.location, remedy: remedy)
  }
}

extension Manifest {
  /// Every bridge, kernel and VM that is named exists.
  func checkReferences(_ faults: inout Diagnostics) {
    let bridgeNames = NameTable("bridge", under: "bridges", bridges.map(\.name.value))
    let kernelNames = NameTable("kernel", under: "kernels", kernels.map(\.name.value))
    let machineNames = NameTable("virtual machine", under: "virtual_machines", virtualMachines.map(\.name.value))
    for machine in virtualMachines {
      for network in machine.networks { bridgeNames.check(network.bridge, &faults) }
      for name in machine.dependsOn { machineNames.check(name, &faults) }
      if let kernel = machine.kernel, case .named(let name) = kernel.value {
        kernelNames.check(Located(name, at: kernel.location), &faults)
      }
    }
    for forward in forwards { machineNames.check(forward.to, &faults) }
    let ends = flows.flatMap { [$0.from, $0.to] } + expectations.flatMap { [$0.from, $0.to] }
    let words = ["world", "host"] + bridges.map { "bridge:\($0.name.value)" }
    for end in ends {
      switch end.value {
      case .world, .host, .prefix: break
      case .bridge(let name): bridgeNames.check(Located(name, at: end.location), &faults)
      case .virtualMachine(let name): machineNames.check(Located(name, at: end.location), others: words, &faults)
      }
    }
  }
}
