package import Host
package import SystemPackage

extension DataDirectory {
  /// What the guest says on its serial console.
  package func serialLog(_ vm: String, of constellation: String) -> FilePath {
    folder(vm, constellation).serialLog.path
  }

  /// Where a viewer of VNC connects to the display of the VM, where that has one.
  package func display(_ vm: String, of constellation: String) -> FilePath { folder(vm, constellation).display }

  /// What the VM's QEMU says.
  package func qemuLog(_ vm: String, of constellation: String) -> FilePath { folder(vm, constellation).log }

  /// What was said when the thing was built.
  package func buildLog(_ kind: StoreKind, _ name: String) -> FilePath {
    logs.appending("\(kind.rawValue)-\(name).log")
  }

  /// A connection to the VM's serial console that does not block. QEMU serves one at a time: a second one waits.
  package func openConsole(_ vm: String, of constellation: String) throws(HostError) -> FileDescriptor {
    FileDescriptor(rawValue: try folder(vm, constellation).open(.console, "open the console of vm.\(vm)"))
  }

  private func folder(_ vm: String, _ constellation: String) -> RunFolder {
    RunFolder(path: run(vm, of: constellation))
  }
}
