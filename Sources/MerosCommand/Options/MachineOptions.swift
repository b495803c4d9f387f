import ArgumentParser
import LinuxHost
import Reconcile

/// VMs of one constellation, and how they are changed.
struct MachineOptions: ParsableArguments {
  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: ArgumentHelp("VMs; without one, all.", valueName: "vm"), completion: .machines)
  var machines: [String] = []
  @OptionGroup var common: CommonOptions
  @OptionGroup var options: ApplyOptions

  /// Does this to them, and leaves with the exit code.
  func request(_ request: PowerRequest) async throws {
    let invocation = Invocation(common, isStream: true)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.root, .networkAdministration, .systemAdministration], for: request.verb)
      let applier = Applier(invocation, options, isDestruction: false)
      return try await applier.request(request, of: machines, in: constellation)
    }
  }
}

extension PowerRequest {
  /// The command's name.
  fileprivate var verb: String {
    switch self {
    case .start: "start"
    case .shutdown: "shutdown"
    case .restart: "restart"
    case .pause: "pause"
    case .resume: "resume"
    }
  }
}
