import Glibc
import Host
import Synchronization
import SystemPackage
import Testing

@testable import LinuxHost

struct ProgramTests {
  @Test func whatAProgramSaysIsHeardKeptAndLogged() async throws {
    try await withTemporaryFolder { folder in
      let log = folder.appending("log")
      let heard = Mutex<[String]>([])
      let result = try await Program("sh", ["-c", "for i in $(seq 30); do echo $i >&2; done; printf end"], log: log)
        .run("count") { line in heard.withLock { $0.append(line) } }
      #expect(heard.withLock(\.self) == (1...30).map(String.init) + ["end"])
      #expect(result.lastLines == (12...30).map(String.init) + ["end"])
      #expect(try log.text().hasSuffix("29\n30\nend"))
    }
  }

  @Test func aBadExitIsAFailureWithFacts() async throws {
    let error = await #expect(throws: HostError.self) {
      try await Program("sh", ["-c", "echo why >&2; exit 3"]).run("try")
    }
    #expect(
      error
        == HostError(
          "try",
          .program(
            ProgramFailure(
              command: ["sh", "-c", "echo why >&2; exit 3"], termination: .exited(3), lastLines: ["why"]))))
    let killed = try await Program("sh", ["-c", "kill -9 $$"]).result("die")
    #expect(killed.termination == .signalled(9))
  }

  @Test func aMissingProgramIsNamed() async throws {
    await #expect(throws: HostError("try", .missingProgram("meros-no-such-program"))) {
      try await Program("meros-no-such-program").run("try")
    }
  }

  @Test func outputIsCapturedApart() async throws {
    let result = try await Program("sh", ["-c", "echo out; echo err >&2"], capturesOutput: true).run("say")
    #expect(result.output == Array("out\n".utf8) && result.lastLines == ["err"])
  }

  @Test func aTimeOutKillsTheWholeGroup() async throws {
    let word = "meros-sleep-\(UInt64.random(in: 0 ... .max))"
    let program = Program("sh", ["-c", "sh -c 'sleep 60; : \(word)' & wait"], timeout: .milliseconds(300))
    await #expect(throws: HostError("wait", .timeout(.milliseconds(300)))) { try await program.run("wait") }
    #expect(try await Program("pgrep", ["-f", word]).result("look").termination == .exited(1))
  }

  @Test func cancellingKillsTheWholeGroup() async throws {
    let word = "meros-sleep-\(UInt64.random(in: 0 ... .max))"
    let task = Task {
      try await Program("sh", ["-c", "sh -c 'sleep 60; : \(word)' & wait"]).run("wait")
    }
    try await Task.sleep(for: .milliseconds(300))
    task.cancel()
    await #expect(throws: HostError("wait", .cancelled)) { try await task.value }
    #expect(try await Program("pgrep", ["-f", word]).result("look").termination == .exited(1))
  }

  @Test func aCompanionLivesAsLongAsTheBody() async throws {
    try await withTemporaryFolder { folder in
      let mark = folder.appending("mark").string
      let script = "touch $0; echo fact; echo ready; echo later; read -r line; rm $0; echo last"
      let (value, result) = try await Program("sh", ["-c", script, mark]).accompany("try", from: "ready") { said in
        FilePath(mark).exists ? said : []
      }
      #expect(value == ["fact", "ready"] && result.lastLines == ["fact", "ready", "later", "last"])
      #expect(!FilePath(mark).exists)
    }
  }

  @Test(arguments: ["echo why; exit 3", "echo why; echo ready; exec >/dev/null 2>&1; exit 3"])
  func aCompanionThatEndsFirstIsAFailure(_ script: String) async throws {
    let error = await #expect(throws: HostError.self) {
      try await Program("sh", ["-c", script]).accompany("try", from: "ready") { _ in
        try? await Task.sleep(for: .seconds(600))
      }
    }
    guard case .program(let failure) = error?.cause else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(failure.termination == .exited(3) && failure.lastLines.first == "why")
  }

  @Test func whatIsAttachedEndsWithTheTask() async throws {
    #expect(try await Program("sh", ["-c", "exit 4"]).runAttached("try") == .exited(4))
    let task = Task { try await Program("sleep", ["600"]).runAttached("wait") }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    // Where it had begun already, it was asked to end.
    do {
      #expect(try await task.value == .signalled(SIGTERM))
    } catch {
      #expect(error as? HostError == HostError("wait", .cancelled))
    }
  }

  @Test func theEndOfAProcessIsWaitedFor() async throws {
    let pid = Mutex<Int32>(0)
    async let ending = Program("sh", ["-c", "echo $$; read -r line"], holdsInput: true).result("wait") { line in
      pid.withLock { $0 = Int32(line) ?? -1 }
    }
    while pid.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(5)) }
    let process = pid.withLock { $0 }
    kill(process, SIGKILL)
    await ProcessEnd.wait(for: process)
    #expect(try await ending.termination == .signalled(SIGKILL))
    await ProcessEnd.wait(for: process)
  }
}
