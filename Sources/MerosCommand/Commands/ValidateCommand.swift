import ArgumentParser
import Diagnostics
import LinuxHost

struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Look for mistakes in constellations. Needs no privileges.",
    discussion: """
      Examples:
        meros validate lab
        meros validate lab/constellation.yml --json
      """)

  @Argument(help: "Directories, manifests or names.", completion: .constellations)
  var constellations: [String]
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      let site = try invocation.offlineSite()
      var found: Diagnostics
      do throws(CommandFailure) {
        found = try await invocation.goals(constellations, site, site.host).1
      } catch {
        guard case .diagnostics(let faults) = error else { throw error }
        found = faults
      }
      let view = ValidationView(found, of: constellations)
      if common.json {
        invocation.console.print(view.json)
      } else {
        if !found.isEmpty { invocation.console.tell(DiagnosticsView(found).text(invocation.console.diagnosticsPaint)) }
        invocation.console.print(view.text(invocation.console.paint))
      }
      return found.hasErrors ? .failure : .success
    }
  }
}
