import Host
import Netlink

/// A process that is one of our name servers, by its environment.
struct NameserverProcess: Equatable {
  let pid: Int32
  /// The bridge's name in the manifest.
  let name: String
  let attributes: [String: String]
  let namespace: NetworkNamespace.Identity

  /// Every name server of the scope, in whatever network namespace.
  static func all(of scope: Scope) throws(HostError) -> [NameserverProcess] {
    try UserProcesses.all(of: scope.uid).compactMap { read($0, of: scope) }.sorted { $0.pid < $1.pid }
  }

  /// The process still is what it was: its number may have gone to another.
  func isThere(_ scope: Scope) -> Bool { Self.read(pid, of: scope) == self }

  private static func read(_ pid: Int32, of scope: Scope) -> NameserverProcess? {
    let prefix = "\(NameserverDesign.markVariable)="
    // A process that ended meanwhile has neither an environment nor a namespace.
    guard let variable = UserProcesses.environment(of: pid)?.first(where: { $0.hasPrefix(prefix) }),
      let mark = ProcessMark(String(variable.dropFirst(prefix.count))), mark.mark.scope == scope,
      let name = mark.name(of: "dns"), let namespace = try? NetworkNamespace.identity(of: pid)
    else { return nil }
    return NameserverProcess(pid: pid, name: name, attributes: mark.attributes, namespace: namespace)
  }
}
