import Glibc
import Host
import SystemPackage

/// A group of cgroup v2: a folder whose files the kernel reads and writes (its Documentation/admin-guide/cgroup-v2.rst).
struct ControlGroup {
  let path: FilePath

  /// The root of the tree; nil where none is mounted.
  static func root() throws(HostError) -> ControlGroup? {
    mountPoint(in: String(decoding: try FilePath("/proc/self/mountinfo").contents(), as: UTF8.self)).map {
      ControlGroup(path: $0)
    }
  }

  /// Of the lines of mountinfo, proc_pid_mountinfo(5).
  static func mountPoint(in mounts: String) -> FilePath? {
    for line in mounts.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let end = words.firstIndex(of: "-"), words.indices.contains(end + 1), words[end + 1] == "cgroup2",
        words.count > 4
      else { continue }
      return FilePath(String(words[4]))
    }
    return nil
  }

  /// `meros/DATA.CONSTELLATION` below the root.
  func constellation(_ scope: Scope) -> ControlGroup { child("meros").child("\(scope.data).\(scope.constellation)") }

  /// The machine's.
  func machine(_ name: String, of scope: Scope) -> ControlGroup { constellation(scope).child(name) }

  func child(_ name: String) -> ControlGroup { ControlGroup(path: path.appending(name)) }

  var exists: Bool { path.exists }

  /// The words of a file, each line for itself; none where the file is missing, as without its controller.
  func lines(_ file: String) throws(HostError) -> [[String]] {
    let bytes = try path.appending(file).contentsIfPresent(limit: 1 << 20) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
      line.split(separator: " ").map(String.init)
    }
  }

  func write(_ text: String, to file: String) throws(HostError) {
    let place = path.appending(file)
    do {
      let descriptor = try FileDescriptor.open(
        place, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: [.ownerReadWrite])
      try descriptor.closeAfter { _ = try descriptor.writeAll(Array("\(text)\n".utf8)) }
    } catch {
      throw HostError("write \(text) to \(place)", .system(errno: error.number, call: "write"))
    }
  }

  var processes: Set<Int32> {
    get throws(HostError) { Set(try lines("cgroup.procs").compactMap { $0.first.flatMap { Int32($0) } }) }
  }

  /// A process that is gone is none.
  func take(_ pid: Int32) throws(HostError) {
    do {
      try write("\(pid)", to: "cgroup.procs")
    } catch {
      guard case .system(ESRCH, _) = error.cause else { throw error }
    }
  }

  /// Lets groups below this one have the controllers.
  func pass(on controllers: [String]) throws(HostError) {
    for controller in controllers { try write("+\(controller)", to: "cgroup.subtree_control") }
  }

  /// Fails where processes or groups are in it; one that is missing is fine.
  func remove() throws(HostError) {
    let result = unsafe path.withPlatformString { unsafe rmdir($0) }
    guard result == 0 || errno == ENOENT else { throw HostError("remove \(path)", .lastCall("rmdir")) }
  }
}
