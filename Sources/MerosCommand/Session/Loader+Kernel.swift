import Diagnostics
import Manifest
import Resources
import SystemPackage

extension Loader {
  /// One kernel that no manifest has, of the newest commit.
  func kernel(_ source: KernelSpec.Source, arch: String) async throws(CommandFailure) -> (goal: Goal, Diagnostics) {
    let place = SourceLocation(file: "the command line", line: 1, column: 1)
    let name = Located("kernel-build", at: place)
    let manifest = Manifest(name, kernel: KernelSpec(Located("kernel", at: place), source))
    let inputs: Inputs
    do {
      inputs = try await Inputs(
        for: manifest, in: folder.string, lookingUp: .all, kernelsFor: arch, on: host)
    } catch { throw .host(error) }
    do {
      let desired = try resources(of: manifest, inputs, name: name.value)
      return (Goal(name.value, desired.graph), desired.notes)
    } catch { throw .diagnostics(error) }
  }
}
