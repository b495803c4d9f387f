package import Diagnostics
package import YAML

extension Manifest {
  private static let keys = Section.Keys(
    schema,
    meant: ["vms": "virtual_machines", "machines": "virtual_machines", "networks": "bridges", "kernel": "kernels"])

  /// Reads a manifest and checks every rule about it. Throws all that was found, warnings too, when there is an error.
  /// - Parameters:
  ///   - file: how a person would name the file.
  ///   - directoryName: the last part of the constellation's directory: its name where the manifest says none.
  package static func load(
    _ bytes: [UInt8], file: String, directoryName: String
  ) throws(Diagnostics) -> (manifest: Manifest, warnings: Diagnostics) {
    var faults = Diagnostics()
    let manifest = Manifest(try YAMLNode.parse(bytes, file: file), directoryName: directoryName, &faults)
    try faults.throwIfErrors()
    return (manifest, faults)
  }

  /// As far as it can be read; it is what was meant only when no errors were found.
  package init(_ node: YAMLNode, directoryName: String, _ faults: inout Diagnostics) {
    let section = Section(node, at: node.location, Self.keys, &faults) ?? Section(empty: node.location)
    places = ManifestPlaces(node)
    name = Self.name(section, directoryName, &faults)
    kernels = section.entries("kernels", &faults).map { KernelSpec($0, &faults) }
    bridges = []
    var table = BridgeTable()
    for entry in section.entries("bridges", &faults) {
      let before = faults.count
      let bridge = BridgeSpec(entry, &faults)
      bridges.append(bridge)
      table.add(bridge, isSound: faults.count == before)
    }
    let defaults = Self.defaults(section, table, &faults)
    virtualMachines = []
    var unsound: Set<String> = []
    for entry in section.entries("virtual_machines", &faults) {
      let before = faults.count
      virtualMachines.append(VirtualMachineSpec(entry, defaults: defaults, in: table, &faults))
      if faults.count != before { unsound.insert(entry.key) }
    }
    flows = section.nodes("flows", &faults).compactMap { FlowSpec($0, &faults) }
    forwards = section.nodes("forwards", &faults).compactMap { ForwardSpec($0, &faults) }
    expectations = section.nodes("expect", &faults).compactMap { ExpectSpec($0, &faults) }
    checkRules(table, besides: unsound, &faults)
  }

  private static func name(
    _ section: Section, _ directoryName: String, _ faults: inout Diagnostics
  ) -> Located<String> {
    let form = Form<String>.line("a name", like: "lab")
    if let name = section.value("name", form, &faults) {
      NameForm.constellation.check(name, &faults)
      return name
    }
    let name = Located(directoryName, at: section.location)
    if section["name"] == nil {
      var found = Diagnostics()
      NameForm.constellation.check(name, &found)
      if let fault = found.all.first {
        faults.error(
          "\(fault.summary); it is that of the directory", at: section.location,
          remedy: "give the constellation a name of its own: name: lab")
      }
    }
    return name
  }

  /// What `defaults` sets, each value checked once even if no VM takes it.
  private static func defaults(
    _ section: Section, _ bridges: BridgeTable, _ faults: inout Diagnostics
  ) -> YAMLMapping? {
    guard let entry = section["defaults"] else { return nil }
    let location = entry.keyLocation
    guard let own = Section(entry.value, at: location, VirtualMachineSpec.keys, &faults) else { return nil }
    _ = VirtualMachineSpec(own, named: Located("defaults", at: location), in: bridges, &faults)
    return entry.value.mapping
  }
}
