import Host
import LinuxHost
import Netlink
import Network
import SystemPackage

/// An application of a VM whose windows are on the desktop here.
///
/// waypipe stands at both ends: here it passes for the application, in the VM for the desktop. They meet in sockets that
/// ssh joins, each in a folder of its own that a shell of that side makes, waits beside, and removes, whatever becomes of
/// the others.
struct WindowSession: Sendable {
  let login: SSHLogin
  let namespace: NetworkNamespace
  /// The process of the VM.
  let pid: Int32
  /// The application and its arguments; never empty.
  let application: [String]
  let options: WaypipeOptions
  let isX11: Bool
  /// stdin and stdout are a terminal.
  let hasTerminal: Bool
  let interrupts: Interrupts
  /// The folder of the sockets here.
  let folder: FilePath
  /// That in the VM.
  let remoteFolder: FilePath

  enum Ending: Equatable, Sendable {
    /// With the exit code of the application.
    case exited(Int32)
    /// It was not begun.
    case unfit(WindowHindrance)
    /// The VM ended.
    case machineEnded
    /// ssh lost the VM.
    case connectionLost
    case interrupted
    case failed(HostError)
  }

  init(
    _ application: [String], on visit: Invocation.Visit, in namespace: NetworkNamespace, desktop: Desktop,
    options: WaypipeOptions, isX11: Bool, hasTerminal: Bool, interrupts: Interrupts
  ) {
    self.application = application
    login = visit.login
    pid = visit.pid
    self.namespace = namespace
    self.options = options
    self.isX11 = isX11
    self.hasTerminal = hasTerminal
    self.interrupts = interrupts
    // Many of them may go on at once, and a path of a socket is short.
    let name = "meros-\(hexadecimal(UInt64.random(in: 0 ... .max), digits: 16))"
    folder = desktop.folder.appending(name)
    remoteFolder = FilePath("/run").appending(name)
  }

  var attempted: String { "run \(application[0]) in vm.\(login.machine)" }
  /// What waypipe here listens at.
  var socket: FilePath { folder.appending("client") }
  /// The same as the VM sees it.
  var remoteSocket: FilePath { remoteFolder.appending("server") }
  /// Where ssh takes further sessions of the one connection.
  var control: FilePath { folder.appending("control") }

  /// Runs the application to its end; also gives what waypipe said here.
  func run() async throws(HostError) -> (Ending, said: [String]) {
    let edition = try await edition()
    interrupts.begin()
    do throws(HostError) {
      let (ending, waypipe) = try await desktopEnd.accompany(attempted, from: Self.sign) { _ in
        await untilItEnds { await inMachine(edition) }
      }
      return (ending, waypipe.lastLines.filter { $0 != Self.sign })
    } catch {
      throw error.naming(waypipe)
    }
  }

  /// What happens first.
  private func untilItEnds(_ body: @escaping @Sendable () async -> Ending) async -> Ending {
    await withTaskGroup(of: Ending.self) { group in
      group.addTask { await body() }
      group.addTask {
        await ProcessEnd.wait(for: pid)
        return .machineEnded
      }
      group.addTask {
        // Cancelled when something else was first.
        while interrupts.count() == 0, (try? await Task.sleep(for: .milliseconds(50))) != nil {}
        return .interrupted
      }
      let first = await group.next() ?? .interrupted
      group.cancelAll()
      return first
    }
  }

  private func inMachine(_ edition: WaypipeEdition?) async -> Ending {
    do throws(HostError) {
      let (ending, connection) = try await machineEnd.accompany(attempted, from: Self.sign) { said in
        if let hindrance = hindrance(here: edition, there: said) { return Ending.unfit(hindrance) }
        return await shown()
      }
      // Which of the two notices first is a matter of luck.
      return ending == .exited(255) && connection.termination != .exited(0) ? .connectionLost : ending
    } catch {
      if case .program(let failure) = error.cause, failure.lastLines.contains(Self.sign) { return .connectionLost }
      return .failed(error.naming(Program("ssh", login.options + [login.destination])))
    }
  }

  private func shown() async -> Ending {
    do throws(HostError) {
      switch try await show.runAttached(attempted) {
      case .exited(let code): return .exited(code)
      case .signalled(let signal): return .exited(128 + signal)
      }
    } catch {
      return .failed(error)
    }
  }
}

extension HostError {
  /// The same, where a program failed that a script of ours ran, with the program that a person would run.
  fileprivate func naming(_ program: Program) -> HostError {
    guard case .program(var failure) = cause else { return self }
    failure.command = [program.name] + program.arguments
    return HostError(attempted, .program(failure))
  }
}
