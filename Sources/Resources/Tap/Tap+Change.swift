import Host
import Network
package import Reconcile

extension Tap {
  package static func change(
    _ name: String, from: ObservedTap?, to: Tap?, under circumstances: Circumstances
  ) -> Change? {
    switch (from?.link, to) {
    case (nil, nil): nil
    case (let before?, nil):
      Change(
        .delete, reasons: Reason.differences(from: attributes(of: before), to: [:]), disruption: .live,
        tearDown: [RemoveLink(before)])
    case (nil, let after?):
      // A machine that runs and had a tap of this name gets the new one into its hands.
      Change(
        .create, reasons: Reason.differences(from: [:], to: after.attributes), disruption: .none,
        setUp: [EnsureTap(design: after.design)])
    case (let before?, let after?): update(before, to: after, circumstances)
    }
  }

  /// Everything but the link's name changes under a running machine.
  private static func update(_ before: Link, to after: Tap, _ circumstances: Circumstances) -> Change? {
    var reasons = Reason.differences(from: attributes(of: before), to: after.attributes)
    let bridge = ResourceAddress(kind: Bridge.kind, name: after.bridge)
    if circumstances.replaced.contains(bridge), !reasons.contains(where: { $0.path == "bridge" }) {
      reasons.append(Reason("bridge", before: nil, after: "\(after.design.master), made anew"))
      reasons.sort()
    }
    guard !reasons.isEmpty else { return nil }
    guard before.name != after.design.name else {
      return Change(.update, reasons: reasons, disruption: .live, setUp: [EnsureTap(design: after.design)])
    }
    return Change(
      .replace, reasons: reasons, disruption: .live, tearDown: [RemoveLink(before)],
      setUp: [EnsureTap(design: after.design)])
  }

  private var attributes: [String: String] {
    var all = [
      "link": "\(design.name)", "bridge": "\(design.master)", "mtu": "\(design.mtu)", "owner": "\(design.owner)",
      "isolated": "\(design.isIsolated)", "mark": design.alias, "up": "true", "persistent": "true",
    ]
    if let label = design.alternativeName { all["label"] = label }
    return all
  }

  private static func attributes(of link: Link) -> [String: String] {
    var all = [
      "link": "\(link.name)", "mtu": "\(link.mtu)", "isolated": "\(link.isIsolated)", "up": "\(link.isUp)",
      "persistent": "false",
    ]
    if case .tap(let owner) = link.kind {
      all["persistent"] = "true"
      if let owner { all["owner"] = "\(owner)" }
    }
    if let master = link.master { all["bridge"] = "\(master)" }
    if let alias = link.alias { all["mark"] = alias }
    if !link.alternativeNames.isEmpty { all["label"] = link.alternativeNames.joined(separator: " ") }
    return all
  }
}

/// Makes a tap what its design says.
struct EnsureTap: Action {
  var design: TapDesign

  var description: String { "set up tap \(design.name)" }

  func perform(on host: Host) async throws(HostError) { try await host.links.ensureTap(design) }
}
