import Host
import LinuxHost

/// The guests behind the commands that `apply` prints.
struct Guests {
  /// The commands, by the names of the machines.
  let logins: [String: String]

  /// - Parameter words: what `apply` printed.
  init(_ words: String) {
    var logins: [String: String] = [:]
    for line in words.split(separator: "\n") where line.hasPrefix("  ") && line.contains(" ssh ") {
      let alias = line.split(separator: " ").first { $0.hasPrefix("HostKeyAlias=") }
      if let alias { logins[String(alias.dropFirst("HostKeyAlias=".count))] = String(line).trimmingLine }
    }
    self.logins = logins
  }

  /// Runs a command of the guest's shell, given without single quotes; nil when it fails.
  func run(_ machine: String, _ command: String) async throws -> String? {
    guard let login = logins[machine] else { return nil }
    let program = Program(
      "sh", ["-c", "\(login) -o BatchMode=yes -o ConnectTimeout=20 '\(command)'"], timeout: .seconds(90),
      capturesOutput: true)
    let result = try await program.result("log in to \(machine)")
    guard result.termination == .exited(0) else { return nil }
    return String(decoding: result.output, as: UTF8.self).trimmingLine
  }

  func succeeds(_ machine: String, _ command: String) async throws -> Bool { try await run(machine, command) != nil }

  /// Which of these commands succeed: one login for all, since an emulated guest takes its time for each.
  func outcomes(_ machine: String, _ commands: [String]) async throws -> [Bool]? {
    let script = commands.map { "($0) >/dev/null 2>&1 </dev/null; echo $?".replacing("$0", with: $0) }
    return try await run(machine, script.joined(separator: "; "))?.split(separator: "\n").map { $0 == "0" }
  }

  /// For each machine an identity that changes when it boots.
  func boots(_ machines: [String]) async throws -> [String] {
    var boots: [String] = []
    for machine in machines { boots.append(try await run(machine, "cat /proc/sys/kernel/random/boot_id") ?? "none") }
    return boots
  }
}
