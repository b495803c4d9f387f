import Diagnostics
import Host
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

  /// Goals of which nothing is wanted any more. A bare name need not lie anywhere.
  func destructions(_ arguments: [String]) throws(CommandFailure) -> [Goal] {
    var faults = Diagnostics()
    var goals: [Goal] = []
    for argument in arguments {
      do throws(Diagnostics) {
        let isLost = Self.isName(argument) && (try? ConstellationPath.find(argument, in: folder)) == nil
        goals.append(Goal(destroying: isLost ? argument : try Constellation.load(argument, in: folder).name))
      } catch {
        faults.append(contentsOf: error)
      }
    }
    Self.checkNames(goals, &faults)
    if faults.hasErrors { throw .diagnostics(faults) }
    return goals
  }

  private func goal(_ argument: String) async throws(CommandFailure) -> (Goal, Diagnostics) {
    let constellation: Constellation
    do { constellation = try Constellation.load(argument, in: folder) } catch { throw .diagnostics(error) }
    let inputs: Inputs
    do {
      inputs = try await Inputs(for: constellation.manifest, in: constellation.path.directory.string, on: host)
    } catch { throw .host(error) }
    let desired: Desired
    do {
      desired = try Desired(
        constellation.manifest, inputs, scope: Scope(constellation: constellation.name, data: data))
    } catch {
      var faults = constellation.warnings
      faults.append(contentsOf: error)
      throw .diagnostics(faults)
    }
    var warnings = constellation.warnings
    for note in desired.notes.all where note.severity == .warning { warnings.append(note) }
    let goal = Goal(
      constellation.name, desired.graph, path: constellation.path.manifest.string,
      manifestDigest: digest(of: constellation.bytes),
      notes: desired.notes.all.filter { $0.severity == .note }.map(\.summary), logins: desired.logins)
    return (goal, warnings)
  }
}
