import Diagnostics
import QMP
import Reconcile
import SystemPackage

/// The same for programs: one object.
struct AccountJSON {
  private let account: Account

  init(_ account: Account) { self.account = account }

  var text: String { "\(value)\n" }

  private var value: JSON {
    [
      "format_version": .string(PlanJSON.formatVersion),
      "address": .string("\(account.address)"), "kind": .string(account.address.kind),
      "constellation": .string(account.constellation), "state": .string(account.state),
      "health": .string(account.health), "desired": account.desired.map(JSON.string) ?? .null,
      "written_at": .array(
        account.places.map { place in
          [
            "file": .string(place.location.file), "line": .integer(Int64(place.location.line)),
            "column": .integer(Int64(place.location.column)), "what": .string(place.words),
          ]
        }),
      "since": account.since.map { since in
        ["time": .string(timestamp(ofSecond: since.second)), "what": .string(since.words)]
      } ?? .null,
      "display": (account.display?.string).map(JSON.string) ?? .null,
      "change": account.planned.map { .object(PlanJSON.change($0)) } ?? .null,
      "inputs": .object(account.inputs.mapValues(JSON.string)),
      "predecessor": account.predecessor.map { before in
        ["address": .string("\(before.address)"), "reasons": PlanJSON.reasons(before.reasons)]
      } ?? .null,
      "causes": .array(
        account.causes.map { cause in
          [
            "address": .string("\(cause.address)"), "verb": .string(cause.verb.rawValue),
            "reasons": PlanJSON.reasons(cause.reasons),
          ]
        }),
      "stands_on": .array(account.foundations.map(Self.foundation)),
      "on_it_stand": .array(account.dependents.map { .object(Self.link($0)) }),
    ]
  }

  private static func foundation(_ foundation: Account.Foundation) -> JSON {
    var members = link(foundation.link)
    members["stands_on"] = .array(foundation.below.map(Self.foundation))
    return .object(members)
  }

  private static func link(_ link: Account.Link) -> [String: JSON] {
    [
      "address": .string("\(link.address)"), "what": .string(link.words), "state": .string(link.state),
      "verb": link.verb.map { .string($0.rawValue) } ?? .null,
    ]
  }
}
