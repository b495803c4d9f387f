import LinuxHost
import SystemPackage

/// How many processes a command starts, which the kernel is asked: `strace` follows every call that makes one.
enum StartedProcesses {
  /// `report` receives the calls.
  static func count(by command: [String], report: FilePath, output: FilePath) throws -> Int {
    let calls = "trace=fork,vfork,clone,clone3"
    try Child.run(
      ["strace", "-f", "-qq", "-e", "signal=none", "-e", calls, "-o", report.string] + command, output: output)
    return count(in: String(decoding: try report.contents(limit: 1 << 30), as: UTF8.self))
  }

  /// Of the lines that calls begin with; a thread is no process.
  static func count(in report: String) -> Int {
    report.split(separator: "\n").count { line in
      let call = line.drop { $0 != " " }.drop { $0 == " " }
      return ["fork(", "vfork(", "clone(", "clone3("].contains(where: call.hasPrefix) && !call.contains("CLONE_THREAD")
    }
  }
}
