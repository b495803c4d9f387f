package import Host
package import Reconcile

/// What a VM may take of the host. It is there before the VM, whose QEMU is put under it when it starts.
package struct Limit: Resource {
  package var limits: MachineLimits
  /// The VM's.
  package var name: String
  package var scope: Scope
  /// Controllers that it takes and this machine does not offer.
  package var missing: [String]

  package init(_ limits: MachineLimits, name: String, scope: Scope, missing: [String] = []) {
    self.limits = limits
    self.name = name
    self.scope = scope
    self.missing = missing
  }

  package static let kind = "limits"
  package var dependencies: Set<ResourceAddress> { [] }

  package struct Observed: Equatable, Sendable {
    package var limits: ObservedLimits
    package var scope: Scope
  }

  package static func observe(_ scope: Scope, on host: Host) async throws(HostError) -> [String: Observed] {
    let found = try await host.limits.limits(of: scope)
    return [String: Observed](found.map { ($0.name, Observed(limits: $0, scope: scope)) }) { first, _ in first }
  }

  package static func change(
    _ name: String, from observed: Observed?, to desired: Limit?, under circumstances: Circumstances
  ) -> Change? {
    guard let desired else {
      return observed.map { observed in
        Change(
          .delete, reasons: Reason.differences(from: observed.limits.limits.attributes, to: [:]), disruption: .live,
          tearDown: [RemoveLimits(name: name, scope: observed.scope)])
      }
    }
    let before = observed?.limits.limits
    var reasons = Reason.differences(from: before?.attributes ?? [:], to: desired.limits.attributes)
    if observed?.limits.holdProcess == false {
      reasons.append(Reason("process", before: "not held", after: "held"))
    }
    if circumstances.isForced { reasons.append(Reason("requested", before: nil, after: "replace")) }
    guard observed == nil || !reasons.isEmpty else { return nil }
    return Change(
      observed == nil ? .create : .update, reasons: reasons.sorted(), disruption: observed == nil ? .none : .live,
      setUp: [SetLimits(limit: desired)],
      obstacle: desired.missing.isEmpty ? nil : .missingControllers(desired.missing))
  }
}

struct SetLimits: Action {
  var limit: Limit

  var description: String { "limit vm \(limit.name)" }

  func perform(on host: Host) async throws(HostError) {
    try await host.limits.set(limit.limits, limit.name, of: limit.scope)
  }
}

struct RemoveLimits: Action {
  var name: String
  var scope: Scope

  var description: String { "take the limits of vm \(name) away" }

  func perform(on host: Host) async throws(HostError) { try await host.limits.remove(name, of: scope) }
}
