import Glibc
package import Host
package import SystemPackage

/// Limits by cgroup v2: each machine with limits has a group of its own below `meros/DATA.CONSTELLATION`.
package struct LinuxLimits: Limits {
  private let data: DataDirectory
  /// Where the tree is; nil: where it is mounted.
  private let tree: FilePath?

  package init(_ data: DataDirectory, tree: FilePath? = nil) {
    self.data = data
    self.tree = tree
  }

  private func root() throws(HostError) -> ControlGroup? {
    if let tree { return ControlGroup(path: tree) }
    return try ControlGroup.root()
  }

  package func controllers() async throws(HostError) -> Set<String> {
    guard let root = try root() else { return [] }
    var offered = Set(try root.lines("cgroup.controllers").joined()).intersection(["cpu", "memory", "io"])
    if Self.device(of: data.root) == nil { offered.remove("io") }
    return offered
  }

  package func limits(of scope: Scope) async throws(HostError) -> [ObservedLimits] {
    guard let group = try root()?.constellation(scope), group.exists else { return [] }
    let processes = try MachineProcess.all(of: scope, in: nil)
    let device = Self.device(of: data.root)
    var found: [ObservedLimits] = []
    for name in try group.path.folderEntries().map(\.string) {
      let machine = group.child(name)
      guard (try? machine.path.stat(followTargetSymlink: false))?.type == .directory else { continue }
      let pids = processes.filter { $0.name == name }.map(\.pid)
      found.append(
        ObservedLimits(
          name: name, limits: try MachineLimits(in: machine, device: device),
          holdProcess: try machine.processes.isSuperset(of: pids)))
    }
    return found
  }

  package func set(_ limits: MachineLimits, _ name: String, of scope: Scope) async throws(HostError) {
    let attempted = "limit vm \(name)"
    guard let root = try root() else { throw HostError(attempted, .unsupported("cgroup v2 is not mounted")) }
    let machine = root.machine(name, of: scope)
    for group in [root, root.child("meros"), root.constellation(scope)] {
      try group.path.makeFolders(mode: 0o755)
      try group.pass(on: limits.controllers)
    }
    try machine.path.makeFolders(mode: 0o755)
    for (controller, file, text) in limits.files(device: Self.device(of: data.root))
    where limits.controllers.contains(controller) || machine.path.appending(file).exists {
      try machine.write(text, to: file)
    }
    for process in try MachineProcess.all(of: scope, in: nil) where process.name == name {
      try machine.take(process.pid)
    }
  }

  package func remove(_ name: String, of scope: Scope) async throws(HostError) {
    guard let root = try root() else { return }
    let machine = root.machine(name, of: scope)
    guard machine.exists else { return }
    // Where it would be, had it never had limits: in the group of who starts it.
    let own = try Self.own(below: root)
    for pid in try machine.processes { try own.take(pid) }
    try machine.remove()
    root.constellation(scope).path.removeIfEmpty()
    root.child("meros").path.removeIfEmpty()
  }

  /// Puts a machine that was just started where its limits are; one without limits stays where it is.
  func hold(_ pid: Int32, _ name: String, of scope: Scope) throws(HostError) {
    guard let machine = try root()?.machine(name, of: scope), machine.exists else { return }
    try machine.take(pid)
  }

  /// The group of this process.
  private static func own(below root: ControlGroup) throws(HostError) -> ControlGroup {
    let lines = String(decoding: try FilePath("/proc/self/cgroup").contents(), as: UTF8.self).split(separator: "\n")
    let path = lines.first { $0.hasPrefix("0::/") }?.dropFirst("0::/".count) ?? ""
    return ControlGroup(path: root.path.pushing(FilePath(String(path))))
  }

  /// "8:0", the whole disk that the folder lies on; nil where it lies on none.
  static func device(of folder: FilePath) -> String? {
    var status = stat()
    guard unsafe folder.withPlatformString({ unsafe fstatat(AT_FDCWD, $0, &status, 0) }) == 0 else { return nil }
    // How the kernel puts both numbers into one, makedev(3).
    let number = UInt64(status.st_dev)
    let major = (number >> 8 & 0xfff) | (number >> 32 & 0xffff_f000)
    let minor = (number & 0xff) | (number >> 12 & 0xffff_ff00)
    let place = FilePath("/sys/dev/block/\(major):\(minor)")
    guard place.exists else { return nil }
    guard place.appending("partition").exists else { return "\(major):\(minor)" }
    // What cannot be read is on no disk that could be limited.
    guard let bytes = try? place.appending("..").appending("dev").contents(limit: 64) else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
  }
}
