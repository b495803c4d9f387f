import Host
import Network
package import Reconcile

extension ForwardingSwitch {
  package static func change(
    _ name: String, from: ObservedForwarding?, to: ForwardingSwitch?, under circumstances: Circumstances
  ) -> Change? {
    switch (from, to) {
    case (nil, nil): nil
    case (nil, .some):
      Change(.create, reasons: reasons(from: nil, to: on), disruption: .live, setUp: [SetForwarding(state: on)])
    case (let before?, .some):
      before.state == on
        ? nil
        : Change(
          .update, reasons: reasons(from: before.state, to: on), disruption: .live,
          setUp: [SetForwarding(state: on)])
    case (let before?, nil):
      before.isShared || before.state == before.former
        ? nil
        : Change(
          .delete, reasons: reasons(from: before.state, to: before.former), disruption: .live,
          tearDown: [RestoreForwarding(scope: before.scope, state: before.former)])
    }
  }

  private static func reasons(from before: ForwardingState?, to after: ForwardingState) -> [Reason] {
    Reason.differences(from: before.map(attributes) ?? [:], to: attributes(after))
  }

  private static func attributes(_ state: ForwardingState) -> [String: String] {
    ["ipv4": state.ipv4 ? "on" : "off", "ipv6": state.ipv6 ? "on" : "off"]
  }
}

/// Switches forwarding for a constellation.
struct SetForwarding: Action {
  var state: ForwardingState

  var description: String { "switch forwarding on" }

  func perform(on host: Host) async throws(HostError) { try await host.forwarding.set(state) }
}

/// Switches forwarding back to what it was, unless another constellation has come that needs it.
struct RestoreForwarding: Action {
  var scope: Scope
  var state: ForwardingState

  var description: String { "restore forwarding" }

  func perform(on host: Host) async throws(HostError) {
    let records = try await host.packetFilter.tables().compactMap { FirewallRecord($0.comment) }
    guard records.allSatisfy({ $0.scope == scope }) else { return }
    try await host.forwarding.set(state)
  }
}
