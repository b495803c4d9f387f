import Diagnostics
import Host
import HostTesting
import Manifest
import Reconcile
import Resources
import Testing

/// A constellation called `lab` on one host, planned and applied from texts of manifests.
struct Laboratory {
  let host: Host
  let scope: Scope

  init(_ host: Host) throws {
    self.host = host
    scope = Scope(constellation: "lab", data: try #require(DataIdentity("0123456789abcdef")))
  }

  func desired(_ manifest: String) async throws -> Desired {
    let (manifest, _) = try Manifest.load(Array(manifest.utf8), file: "constellation.yml", directoryName: "lab")
    let inputs = try await Inputs(for: manifest, in: "/lab", on: host)
    return try Desired(manifest, inputs, scope: scope)
  }

  /// - Parameter manifest: nil wants nothing.
  func plan(_ manifest: String?, _ options: PlanOptions = .init()) async throws -> Plan {
    let observation = try await Observation(of: Kinds.all, scope, on: host)
    let graph = if let manifest { try await desired(manifest).graph } else { ResourceGraph.empty }
    return Plan(from: observation, to: graph, kinds: Kinds.all, options: options)
  }

  @discardableResult
  func apply(_ manifest: String?, _ options: PlanOptions = .init()) async throws -> Report {
    try await plan(manifest, options).apply(on: host)
  }
}

extension Plan {
  /// A line per change, for messages of failed tests.
  var lines: [String] {
    changes.map { planned in
      let reasons = planned.change.reasons.map { "\($0.path): \($0.before ?? "-") -> \($0.after ?? "-")" }
      return "\(planned.change.verb) \(planned.address) \(reasons)"
    } + problems.map { "\($0)" }
  }
}

extension Report {
  /// A line per step that was not done, for messages of failed tests.
  var failures: [String] {
    outcomes.sorted { $0.key < $1.key }.compactMap { step, outcome in
      switch outcome {
      case .done: nil
      case .failed(let error): "\(step): \(error)"
      case .skipped(let cause): "\(step): \(cause)"
      }
    }
  }
}
