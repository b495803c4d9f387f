import LinuxHost
import Reconcile

extension Invocation {
  /// The body of the commands that start, stop and pause VMs.
  func request(
    _ request: PowerRequest, of machines: [String], in constellation: String, _ options: ApplyOptions
  ) async throws {
    try await leave { () async throws(CommandFailure) in
      try require([.root, .networkAdministration, .systemAdministration], for: request.verb)
      return try await Applier(self, options, isDestruction: false).request(request, of: machines, in: constellation)
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
