package import Diagnostics

/// What was written about one constellation, every key read and every rule kept. It knows no folder: paths in it are as they
/// were written, relative to the constellation's directory.
package struct Manifest: Equatable, Sendable {
  /// `[a-z][a-z0-9-]{0,30}`; the directory's name where nobody wrote one.
  package var name: Located<String>
  package var kernels: [KernelSpec]
  package var bridges: [BridgeSpec]
  package var flows: [FlowSpec]
  package var forwards: [ForwardSpec]
  package var expectations: [ExpectSpec]
  /// In the order in which they were written, `defaults` applied.
  package var virtualMachines: [VirtualMachineSpec]
  package let places: ManifestPlaces

  /// One that wants a kernel alone.
  package init(_ name: Located<String>, kernel: KernelSpec) {
    self.name = name
    kernels = [kernel]
    (bridges, flows, forwards, expectations, virtualMachines) = ([], [], [], [], [])
    places = ManifestPlaces(nil)
  }

  package func kernel(named name: String) -> KernelSpec? { kernels.first { $0.name.value == name } }
  package func bridge(named name: String) -> BridgeSpec? { bridges.first { $0.name.value == name } }
  package func virtualMachine(named name: String) -> VirtualMachineSpec? {
    virtualMachines.first { $0.name.value == name }
  }
}
