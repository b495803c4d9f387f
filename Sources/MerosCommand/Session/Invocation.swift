import ArgumentParser
import Diagnostics
import Glibc
import Host
import LinuxHost
import Manifest
import Reconcile
import Resources
import SystemPackage

/// One run of a command: its options, and where its words go.
struct Invocation: Sendable {
  let common: CommonOptions
  let console: Console

  /// With `--json` of a command that tells things as they happen; else nil.
  let stream: JSONNarrator?

  /// - Parameter isStream: its JSON is one object in a line, as things happen.
  init(_ common: CommonOptions, isStream: Bool = false) {
    self.common = common
    console = common.console()
    stream = isStream && common.json ? JSONNarrator(console, version: merosVersion) : nil
  }

  /// Runs a command's body, tells what kept it from its work, and leaves with its exit code.
  func leave(_ body: () async throws(CommandFailure) -> ExitCode) async throws {
    let code: ExitCode
    do throws(CommandFailure) {
      code = try await body()
    } catch {
      tell(error)
      throw ExitCode.failure
    }
    if code != .success { throw code }
  }

  func tell(_ failure: CommandFailure) {
    let view = FailureView(failure)
    if let stream {
      stream.warn(view.diagnostics)
    } else if common.json {
      console.print("\(view.value)\n")
    } else {
      console.tell(view.text(console.diagnosticsPaint))
    }
  }

  /// Warnings and notes about what was written. In JSON they are part of the result.
  func warn(_ diagnostics: Diagnostics) {
    guard !diagnostics.isEmpty, !common.json else { return }
    console.tell("\(DiagnosticsView(diagnostics).text(console.diagnosticsPaint))\n")
  }

  func tellWaiting(for constellation: String, _ pid: Int32?) {
    guard !common.json else { return }
    console.tell(WaitingView(constellation: constellation, pid: pid).text)
  }

  func require(_ needs: [Privileges.Need], for verb: String) throws(CommandFailure) {
    let all = common.namespaceName == nil ? needs : needs + [.systemAdministration]
    let missing = Privileges.current.missing(Privileges.Need.allCases.filter(all.contains))
    if !missing.isEmpty { throw .privileges(missing, verb: verb) }
  }

  /// - Parameter creating: make the data directory where there is none.
  func site(creating: Bool, namespaceName: String? = nil) throws(CommandFailure) -> Site {
    do {
      return try Site.open(
        common.dataPath, namespaceName: common.namespaceName ?? namespaceName, create: creating)
    } catch {
      switch error {
      case .host(let error): throw .host(error)
      case .networkNamespace(let name, let error): throw .networkNamespace(name, error)
      }
    }
  }

  /// For what needs no privilege.
  func offlineSite() throws(CommandFailure) -> Site {
    do { return try Site.openWithoutPrivileges(common.dataPath) } catch { throw .host(error) }
  }

  func loader(
    _ site: Site, _ host: Host, lookingUp lookup: Lookup = .none, locks: [String: LockFile] = [:]
  ) throws(CommandFailure) -> Loader {
    var host = host
    // Who is asked may be far away.
    if !common.json { host.progress = Progress { console.tell("\($0.activity)\n") } }
    do {
      return Loader(
        folder: try FilePath(".").absolute(), data: site.data.identity, host: host, lookup: lookup, locks: locks)
    } catch {
      throw .host(error)
    }
  }

  /// Makes the file that a person named hold this text.
  func write(_ text: String, to file: String, permissions: FilePermissions) throws(CommandFailure) {
    let path = try absolute(file)
    let folder = path.removingLastComponent()
    guard FileKind(folder) == .folder else {
      throw .diagnostics(
        Diagnostics(
          Diagnostic(.error, "there is no folder \(folder)", remedy: "make it, or write \(file) somewhere else")))
    }
    do { try path.replaceContents(Array(text.utf8), permissions: permissions) } catch { throw .host(error) }
  }

  /// The absolute path of a file that an option of the command line names. Throws where there is none.
  func existing(_ name: String, as thing: String, of option: String) throws(CommandFailure) -> FilePath {
    let path = try absolute(name)
    if FileKind(path) == .file { return path }
    let fault =
      switch FileKind(path) {
      case .folder: "a folder, and no \(thing)"
      case .file, nil: path.exists ? "no regular file" : "not there"
      }
    let folder = try absolute(".")
    throw .diagnostics(
      Diagnostics(
        Diagnostic(
          .error, "\(option) \(name) is \(fault)",
          remedy: "name a \(thing); paths of \(option) are relative to the working directory, \(folder)")))
  }

  func absolute(_ path: String) throws(CommandFailure) -> FilePath {
    do { return try FilePath(path).absolute() } catch { throw .host(error) }
  }

  /// Loads, and keeps what was learned of files. `locks`: what lock files are to hold, where that is known beforehand;
  /// `image` goes before what the manifests say; `startsMachines` is false where no VM is to be started; `observing` the
  /// host meanwhile is for those who change nothing: others look when nobody else changes anything any more.
  func goals(
    _ arguments: [String], _ site: Site, _ host: Host, lookingUp lookup: Lookup = .none,
    locks: [String: LockFile] = [:],
    image: ImageChoice? = nil, startsMachines: Bool = true, observing: Bool = false
  ) async throws(CommandFailure) -> ([Goal], Diagnostics) {
    let start = ContinuousClock.now
    var loader = try loader(site, host, lookingUp: lookup, locks: locks)
    loader.image = image
    loader.startsMachines = startsMachines
    loader.isObserving = observing
    let (goals, warnings) = try await loader.goals(arguments)
    saveCache(site)
    let count = goals.reduce(0) { $0 + $1.graph.resources.count }
    trace("loaded \(counted(goals.count, "constellation")) with \(counted(count, "resource"))", since: start)
    return (goals, warnings)
  }

  /// Without it the next plan only reads files again, be they as large as disks. Where nothing is yet, nothing is made.
  private func saveCache(_ site: Site) {
    if site.data.root.exists { try? site.saveCache() }
  }

  /// Looks at the machine, one constellation after the other, where that was not done while it was loaded, and compares.
  func proposals(
    for goals: [Goal], _ site: Site, _ host: Host, kinds: [any Resource.Type] = Kinds.all,
    _ options: (Goal) -> PlanOptions
  ) async throws(CommandFailure) -> [Proposal] {
    var proposals: [Proposal] = []
    for goal in goals {
      let start = ContinuousClock.now
      let observation = try await observation(for: goal, site, host, kinds)
      trace("\(goal.constellation): observed \(counted(observation.resources.count, "resource"))", since: start)
      let compared = ContinuousClock.now
      proposals.append(Proposal(goal, observation, kinds: kinds, options: options(goal)))
      trace("\(goal.constellation): planned", since: compared)
    }
    return proposals
  }

  private func observation(
    for goal: Goal, _ site: Site, _ host: Host, _ kinds: [any Resource.Type]
  ) async throws(CommandFailure) -> Observation {
    if let observation = goal.observation { return observation }
    do {
      return try await Observation(of: kinds, site.data.scope(goal.constellation), on: host)
    } catch {
      throw .host(error)
    }
  }

  /// Throws those that are locked, needed, and gone.
  func checkPackages(of proposals: [Proposal], _ site: Site, _ host: Host) async throws(CommandFailure) {
    let start = ContinuousClock.now
    try await PackageCheck(host: host, folder: try absolute(".")).check(proposals)
    saveCache(site)
    trace("looked for packages", since: start)
  }

  /// With `-v`: what was done, and how long it took.
  func trace(_ deed: String, since start: ContinuousClock.Instant) {
    guard common.verbose else { return }
    let time = (ContinuousClock.now - start).components
    let microseconds = time.seconds * 1_000_000 + time.attoseconds / 1_000_000_000_000
    console.tell("\(deed) in \(microseconds / 1000).\(microseconds % 1000 / 100) ms\n")
  }
}
