import HostTesting
import QMP
import Testing

/// Snapshots of all machines together.
extension Quickstart {
  /// What was written since is gone, what ran then goes on from there, and the processes are the same.
  func saveAndGoBack(_ guests: Guests) async throws {
    let before = (try await pids(), try await guests.boots(["client", "db", "web"]))
    let counting = "while :; do echo >>/root/count; sleep 0.2; done"
    #expect(try await guests.succeeds("web", "nohup sh -c \"\(counting)\" >/dev/null 2>&1 </dev/null &"))
    #expect(try await guests.outcomes("web", ["echo then >/root/kept"]) == [true])

    let saved = try await meros.run(["snapshot", "save", "quickstart", "then", "--json"])
    #expect(saved.code == 0, "\(saved.output)\n\(saved.diagnostics)")
    let snapshot = try #require(JSON(parsing: saved.output)?["snapshot"])
    #expect(snapshot["complete"] == .bool(true) && snapshot["vm_count"] == .integer(3))
    #expect(try await plan() == [])
    let again = try await meros.run(["snapshot", "save", "quickstart", "then"])
    #expect(again.code == 1 && again.diagnostics.contains("--force"), "\(again.diagnostics)")

    for machine in ["client", "db", "web"] {
      #expect(try await guests.succeeds(machine, "echo late >/root/late && sync"))
    }
    let restored = try await meros.run(["snapshot", "restore", "quickstart", "then"])
    #expect(restored.code == 0, "\(restored.output)\n\(restored.diagnostics)")
    for machine in ["client", "db", "web"] {
      #expect(try await guests.outcomes(machine, ["test -e /root/late"]) == [false])
    }
    #expect(try await guests.outcomes("web", ["grep then /root/kept", "ping -c 1 -W 5 db"]) == [true, true])
    let count = try await guests.run("web", "wc -l </root/count").flatMap { Int($0) } ?? .max
    try await eventually { try await guests.succeeds("web", "test $(wc -l </root/count) -gt \(count)") }
    #expect(try await guests.succeeds("web", "pkill -f root/coun[t]"))
    #expect(try await plan() == [])
    #expect(try await pids() == before.0)
    #expect(try await guests.boots(["client", "db", "web"]) == before.1)

    #expect(try await meros.run(["snapshot", "delete", "quickstart", "then"]).code == 0)
    #expect(try await meros.run(["snapshot", "list", "quickstart"]).output == "quickstart has no snapshots.\n")
  }
}
