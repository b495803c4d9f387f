import CLinux
import Glibc
package import Host
package import Netlink
import SystemPackage

extension Program {
  /// The same, started in the network namespace; this value must not outlive it.
  package func inside(_ namespace: NetworkNamespace) -> Program {
    guard let descriptor = namespace.descriptor else { return self }
    var program = self
    program.name = "nsenter"
    // The child finds the namespace through us: it has no descriptor of ours.
    program.arguments = ["--net=/proc/\(getpid())/fd/\(descriptor)", "--", name] + arguments
    return program
  }

  /// The program is found where `become` looks for it.
  package var isInstalled: Bool {
    let folders = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
    return folders.split(separator: ":").contains { unsafe access("\($0)/\(name)", X_OK) == 0 }
  }

  /// Goes on as the program, within the network namespace: this process becomes it, with its terminal, its signals and
  /// its exit code. `attempted` is the deed that it serves.
  ///
  /// Only name and arguments count. Comes back with what kept it from that.
  package func become(_ attempted: String, in namespace: NetworkNamespace) throws(HostError) -> Never {
    var words = unsafe ([name] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var failed: UnsafePointer<CChar>?
    let error = -(unsafe meros_become(&words, namespace.descriptor ?? -1, &failed))
    let call = unsafe failed.map { unsafe String(cString: $0) } ?? ""
    guard error != ENOENT || call != "execvp" else { throw HostError(attempted, .missingProgram(name)) }
    throw HostError(attempted, .system(errno: error, call: call))
  }
}
