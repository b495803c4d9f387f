package import Host
package import Netlink
import SystemPackage

/// QEMU on this machine, in one network namespace. It starts QEMUs as users of their own, finds them again by their
/// command lines, and talks to them over sockets under `data/run`.
package struct LinuxMachines: Machines {
  let data: DataDirectory
  let namespace: NetworkNamespace
  private let accelerators = Accelerators()

  package init(data: DataDirectory, namespace: NetworkNamespace) {
    self.data = data
    self.namespace = namespace
  }

  package func accelerator(arch: String) async -> (Accelerator, reason: String?) {
    await accelerators.accelerator(arch: arch)
  }

  func runFolder(_ name: String, of scope: Scope) -> RunFolder {
    RunFolder(path: data.run(name, of: scope.constellation))
  }
}
