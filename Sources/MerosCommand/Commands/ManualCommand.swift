import ArgumentParser
import QMP

struct ManualCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "man",
    abstract: "Print the manual page, for man. Needs no privileges.",
    discussion: """
      Examples:
        meros man | man -l -
        meros man > /usr/local/share/man/man8/meros.8
      """)

  @OptionGroup var common: CommonOptions

  func run() async throws { common.console().print(Meros.manual) }
}

extension Meros {
  /// The manual page in mdoc.
  static var manual: String {
    guard let tool = JSON(parsing: Meros._dumpHelp()) else {
      preconditionFailure("the argument parser describes itself in JSON")
    }
    return ManualView(tool, version: merosVersion).text
  }
}
