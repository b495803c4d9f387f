import Diagnostics
import Host
import Manifest
import Network
import Reconcile
import Resources
import SystemPackage

/// Makes goals of what the command line names.
struct Loader: Sendable {
  /// Where relative names begin, absolute.
  let folder: FilePath
  let data: DataIdentity
  /// Asked for files beside the manifests, and for what runs guests.
  let host: Host
  /// Which names are looked up.
  var lookup = Lookup.none
  /// What lock files are to hold, by constellation, where that is known beforehand; nothing is looked up there.
  var locks: [String: LockFile] = [:]
  /// Goes before what manifests say; nil: they are taken as they are.
  var image: ImageChoice?
  /// Kernels alone are wanted: those that no VM boots for this architecture. nil: everything is.
  var kernelsOnly: String?
  /// False: nothing is tried out that would run VMs.
  var startsMachines = true
  /// The host is looked at while its constellation is compiled.
  var isObserving = false

  /// The goals, in the order of the arguments, and what is worth a word. Throws all faults of all of them at once.
  func goals(_ arguments: [String]) async throws(CommandFailure) -> ([Goal], Diagnostics) {
    var faults = Diagnostics()
    var goals: [Goal] = []
    for argument in arguments {
      do throws(CommandFailure) {
        let (goal, warnings) = try await goal(argument)
        goals.append(goal)
        faults.append(contentsOf: warnings)
      } catch {
        guard case .diagnostics(let more) = error else { throw error }
        faults.append(contentsOf: more)
      }
    }
    Self.checkNames(goals, &faults)
    Self.checkClaims(goals, &faults)
    if faults.hasErrors { throw .diagnostics(faults) }
    return (goals, faults)
  }

  /// Goals of which nothing is wanted any more, and what is worth a word. A bare name need not lie anywhere.
  func destructions(_ arguments: [String]) throws(CommandFailure) -> ([Goal], Diagnostics) {
    var faults = Diagnostics()
    var goals: [Goal] = []
    for argument in arguments {
      do throws(Diagnostics) {
        let isLost = Self.isName(argument) && (try? ConstellationPath.find(argument, in: folder)) == nil
        if isLost {
          faults.warning(
            "no manifest of \(argument) lies here: what carries its mark is destroyed", at: nil,
            remedy: ConstellationPath.nearest(argument, in: folder).map { "did you mean \($0)?" })
        }
        goals.append(Goal(destroying: isLost ? argument : try Constellation.load(argument, in: folder).name))
      } catch {
        faults.append(contentsOf: error)
      }
    }
    Self.checkNames(goals, &faults)
    if faults.hasErrors { throw .diagnostics(faults) }
    return (goals, faults)
  }

  private func goal(_ argument: String) async throws(CommandFailure) -> (Goal, Diagnostics) {
    let constellation: Constellation
    do { constellation = try Constellation.load(argument, in: folder) } catch { throw .diagnostics(error) }
    let lockPath = constellation.path.lockFile
    let before = try await lockFile(lockPath)
    let known = locks[constellation.name]
    let manifest = image?.applied(to: constellation.manifest) ?? constellation.manifest
    let inputs: Inputs
    do {
      inputs = try await Inputs(
        for: manifest, writtenAs: image == nil ? nil : constellation.manifest, in: constellation.path.directory.string,
        lock: known ?? before ?? LockFile(), lookingUp: known == nil ? lookup : .none,
        kernelsFor: kernelsOnly, startsMachines: startsMachines, on: host)
    } catch { throw .host(error) }
    try await checkMinirootfs(inputs, lockPath)
    async let observation = observation(of: constellation.name)
    let desired: Desired
    do {
      desired = try resources(of: manifest, inputs, name: constellation.name)
    } catch {
      var faults = constellation.warnings
      faults.append(contentsOf: error)
      throw .diagnostics(faults)
    }
    var warnings = constellation.warnings
    for note in desired.notes.all where note.severity == .warning { warnings.append(note) }
    var goal = Goal(
      constellation.name, desired.graph, path: constellation.path.manifest.string,
      manifestDigest: digest(of: constellation.bytes),
      lock: LockUpdate(path: lockPath.string, before: before, after: inputs.lock),
      notes: desired.notes.all.filter { $0.severity == .note }.map(\.summary), logins: desired.logins,
      manifest: manifest)
    do { goal.observation = try await observation.get() } catch { throw .host(error) }
    return (goal, warnings)
  }

  private func observation(of constellation: String) async -> Result<Observation?, HostError> {
    guard isObserving else { return .success(nil) }
    do throws(HostError) {
      let scope = Scope(constellation: constellation, data: data)
      return .success(try await Observation(of: Kinds.all, scope, on: host))
    } catch {
      return .failure(error)
    }
  }

  /// Throws what was needed of it and cannot be had.
  private func checkMinirootfs(_ inputs: Inputs, _ lockPath: FilePath) async throws(CommandFailure) {
    let loss = LockedLoss(lockFile: lockPath, folder: folder, host: host)
    var faults = Diagnostics()
    do throws(HostError) {
      for key in inputs.lostMinirootfs { faults.append(try await loss.ofMinirootfs(key, inputs.lock[key] ?? "")) }
    } catch { throw .host(error) }
    if faults.hasErrors { throw .diagnostics(faults) }
  }

  func resources(of manifest: Manifest, _ inputs: Inputs, name: String) throws(Diagnostics) -> Desired {
    let scope = Scope(constellation: name, data: data)
    guard let kernelsOnly else { return try Desired(manifest, inputs, scope: scope) }
    return try Desired(kernelsOf: manifest, inputs, arch: kernelsOnly, scope: scope)
  }

  /// nil where there is none.
  private func lockFile(_ path: FilePath) async throws(CommandFailure) -> LockFile? {
    let bytes: [UInt8]?
    do { bytes = try await host.inputs.contents(of: path.string) } catch { throw .host(error) }
    guard let bytes else { return nil }
    do { return try LockFile(bytes, file: path.relative(to: folder)) } catch { throw .diagnostics(error) }
  }
}
