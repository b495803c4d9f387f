import Host
import Netlink
import Network

/// A process that is one of our QEMUs, by its command line.
struct MachineProcess: Equatable, Sendable {
  let pid: Int32
  let name: String
  /// `-uuid`
  let uuid: String
  /// `-name`
  let processName: String
  /// What it was started as.
  let attributes: [String: String]
  /// `-m`: "size=512M,slots=4,maxmem=4608M"
  let memoryArgument: String?
  /// The options that say what the guest has under it, in their order: "-device virtio-rng-pci,…".
  let hardwareArguments: [String]

  /// Every QEMU of the scope in the network namespace; nil: in any. A zombie has no
  /// command line any more and is gone.
  static func all(of scope: Scope, in namespace: NetworkNamespace?) throws(HostError) -> [MachineProcess] {
    var found: [MachineProcess] = []
    let home: NetworkNamespace.Identity?
    do {
      home = try namespace?.identity()
    } catch {
      throw HostError("find machines of \(scope.constellation)", .system(errno: error.code, call: error.call))
    }
    for pid in try UserProcesses.all(of: scope.uid) {
      if let process = read(pid, of: scope, in: home) { found.append(process) }
    }
    return found.sorted { ($0.name, $0.pid) < ($1.name, $1.pid) }
  }

  /// The process still is what it was: its number may have gone to another.
  var isThere: Bool {
    guard let line = UserProcesses.commandLine(of: pid) else { return false }
    return Self.value(of: "-uuid", in: line) == uuid
  }

  /// The kernels that QEMU loads into machines other than PCs learn of none, for want of the firmware that tells them.
  var hasPowerButton: Bool { attributes["kernel"] == nil || attributes["arch"] == "x86_64" }

  /// What it was started with.
  var firstAddress: IPAddress? {
    let texts = MachineParts(attributes).networks.compactMap { $0.settings["ip_addr"] }
    return texts.lazy.compactMap { IPAddress($0.prefix { $0 != "/" }) }.first
  }

  private static func read(_ pid: Int32, of scope: Scope, in home: NetworkNamespace.Identity?) -> MachineProcess? {
    // A process that ended meanwhile has neither a command line nor a namespace.
    guard let line = UserProcesses.commandLine(of: pid) else { return nil }
    guard let mark = ProcessMark(of: line), mark.mark.scope == scope,
      let name = mark.name(of: "vm"), let uuid = value(of: "-uuid", in: line), let title = value(of: "-name", in: line),
      home == nil || home == (try? NetworkNamespace.identity(of: pid))
    else { return nil }
    return MachineProcess(
      pid: pid, name: name, uuid: uuid, processName: MachineDesign.unescaped(title.dropFirst("guest=".count)),
      attributes: mark.attributes, memoryArgument: value(of: "-m", in: line),
      hardwareArguments: zip(line, line.dropFirst()).filter { hardwareOptions.contains($0.0) }.map { "\($0) \($1)" })
  }

  private static let hardwareOptions: Set<String> = ["-machine", "-cpu", "-m", "-smp", "-device"]

  private static func value(of option: String, in line: [String]) -> String? {
    line.firstIndex(of: option).flatMap { line.indices.contains($0 + 1) ? line[$0 + 1] : nil }
  }
}
