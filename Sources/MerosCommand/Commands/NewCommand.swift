import ArgumentParser
import Diagnostics
import Host
import LinuxHost
import Manifest
import QMP
import SystemPackage

struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Begin a constellation: a directory with a commented manifest. Needs no privileges.",
    discussion: """
      Examples:
        meros new lab
        meros new constellations/shop --template pair
      """)

  @Argument(help: "The directory to make; its name is the constellation's.")
  var directory: String
  @Option(help: "single: one machine. pair: one that is reached from outside, and one behind it.")
  var template = Template.single
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      let beginning = ConstellationBeginning(template, in: FilePath(directory))
      do throws(Diagnostics) { try beginning.check() } catch { throw .diagnostics(error) }
      do throws(HostError) { try beginning.write() } catch { throw .host(error) }
      let view = NewView(directory)
      invocation.console.print(common.json ? view.json : view.text)
      return .success
    }
  }
}
