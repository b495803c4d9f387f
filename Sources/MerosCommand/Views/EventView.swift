import Host
import Network
import QMP

/// What becomes of a constellation, a line each.
struct EventView {
  private let paint: Paint
  private let isJSON: Bool

  init(_ paint: Paint, isJSON: Bool) {
    self.paint = paint
    self.isJSON = isJSON
  }

  func text(_ event: HostEvent, _ verdict: DriftJudge.Verdict, at time: String) -> String {
    let (name, words) = Self.words(event)
    var members: [String: JSON] = ["event": .string(name), "words": .string(words)]
    var actor = ""
    if case .tables(_, let by?) = event {
      members["by"] = ["pid": .integer(Int64(by.pid)), "program": .string(by.program)]
      actor = " by \(by.program.printable), process \(by.pid)"
    } else if let worker = verdict.worker {
      members["by"] = ["pid": .integer(Int64(worker)), "program": "meros"]
      actor = " while meros is at work, process \(worker)"
    }
    return line(
      time, verdict.address ?? "", "\(words)\(actor)", isDrift: verdict.isDrift, members)
  }

  /// A resource as it is.
  func state(_ row: StatusView.Row, at time: String) -> String {
    let words = [row.state, row.differences].filter { !$0.isEmpty }.joined(separator: ": ")
    return line(
      time, "\(row.address)", words, isDrift: row.change != nil,
      ["event": "state", "state": .string(row.state), "words": .string(words)])
  }

  private func line(
    _ time: String, _ address: String, _ words: String, isDrift: Bool, _ members: [String: JSON]
  ) -> String {
    guard isJSON else {
      let ink: Paint.Ink? = isDrift ? .careful : nil
      let text = [time, address, words].filter { !$0.isEmpty }.joined(separator: "  ") + (isDrift ? "  drift" : "")
      return "\(ink.map { paint(text, $0) } ?? text)\n"
    }
    var members = members
    members["time"] = .string(time)
    members["address"] = address.isEmpty ? .null : .string(address)
    members["drift"] = .bool(isDrift)
    return "\(JSON.object(members))\n"
  }

  /// One word for programs, and what people read.
  private static func words(_ event: HostEvent) -> (name: String, words: String) {
    switch event {
    case .link(let link):
      switch link.fate {
      case .appeared: ("appeared", "link \(link.name) appeared")
      case .vanished: ("vanished", "link \(link.name) vanished")
      case .changed(let changes): ("changed", enumerated(changes.map { words($0) }))
      }
    case .tables(let tables, _): ("changed", "\(enumerated(tables.map { "table \($0)" })) changed")
    case .machine(_, let event): words(event)
    case .lost: ("lost", "more happened than could be told; what there is now:")
    }
  }

  private static func words(_ change: LinkEvent.Change) -> String {
    switch change {
    case .isUp(let isUp): isUp ? "went up" : "went down"
    case .hasCarrier(let hasCarrier): hasCarrier ? "got its carrier" : "lost its carrier"
    case .master(let bridge): bridge.map { "became a port of \($0)" } ?? "left its bridge"
    case .mtu(let bytes): "has mtu \(bytes)"
    case .mac(let mac): "has hardware address \(mac.map(\.description) ?? "none")"
    case .name(let former): "was called \(former)"
    case .mark(let mark): mark.map { "has mark \($0.printable)" } ?? "lost its mark"
    case .isIsolated(let isIsolated): isIsolated ? "is isolated" : "is no longer isolated"
    case .address(let address, let isThere): "\(isThere ? "got" : "lost") address \(address)"
    }
  }

  private static func words(_ event: MachineEvent) -> (name: String, words: String) {
    switch event {
    case .started(let pid): ("started", "started, process \(pid)")
    case .ended(let pid): ("ended", "ended, process \(pid)")
    case .shutDown(let reason): ("shutdown", "shuts down\(because(reason))")
    case .stopped: ("stopped", "stands still")
    case .resumed: ("resumed", "goes on")
    case .reset(let reason): ("reset", "was reset\(because(reason))")
    case .poweredDown: ("powerdown", "was asked to power down")
    case .suspended: ("suspended", "sleeps")
    case .wokeUp: ("woke", "woke up")
    case .deviceDeleted(let device): ("device-deleted", "gave device \(device.printable) away")
    case .failed(let words): ("failed", words.printable)
    case .unheard:
      ("unheard", "is heard only when it ends: an older meros started it, or somebody else hears it")
    }
  }

  private static func because(_ reason: String) -> String { reason.isEmpty ? "" : " (\(reason.printable))" }
}
