import ArgumentParser

struct CompletionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print what makes a shell complete commands, options, constellations and VMs. Needs no privileges.",
    discussion: """
      Examples:
        meros completions bash > /usr/share/bash-completion/completions/meros
        meros completions zsh > /usr/share/zsh/site-functions/_meros
        meros completions fish > ~/.config/fish/completions/meros.fish
        eval "$(meros completions bash)"
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    var kind: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell
  @OptionGroup var common: CommonOptions

  func run() async throws { common.console().print(Meros.completionScript(for: shell.kind) + "\n") }
}
