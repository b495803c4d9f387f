import QMP

/// A disk or a network of a QEMU by the id that we gave its device. Those of the command line have the numbers of their
/// places there; those that came later have higher ones, and a note beside them that says what they are.
struct LiveDevice: Hashable, Sendable {
  var kind: Kind
  var number: Int

  /// What the device's id begins with.
  enum Kind: String, CaseIterable {
    case disk = "vdisk"
    case network = "vnet"

    /// What the id of the node or netdev behind the device begins with.
    var backend: String {
      switch self {
      case .disk: "disk"
      case .network: "net"
      }
    }
  }

  init(_ kind: Kind, _ number: Int) {
    self.kind = kind
    self.number = number
  }

  /// nil for the id of another device.
  init?(id: String) {
    for kind in Kind.allCases where id.hasPrefix(kind.rawValue) {
      if let number = Int(id.dropFirst(kind.rawValue.count)) {
        self.init(kind, number)
        return
      }
    }
    return nil
  }

  var id: String { "\(kind.rawValue)\(number)" }
  var path: String { "/machine/peripheral/\(id)" }
  /// Of its node or netdev.
  var backend: String { "\(kind.backend)\(number)" }
  /// The id of its note.
  var note: String { LiveNote.prefix + id }
}

/// A text that lives in a QEMU as long as that runs: an object of a kind that does nothing by itself and can be read.
enum LiveNote {
  static let prefix = "meros-"
  /// It stands there from the beginning of a change until the guest has proven that it took it.
  static let unproven = "meros-unproven"

  static func add(_ id: String, _ text: [String: String]) -> (name: String, arguments: [String: JSON]) {
    let value = "\(JSON.object(text.mapValues(JSON.string)))"
    return ("object-add", ["qom-type": "authz-simple", "id": .string(id), "identity": .string(value)])
  }

  static func remove(_ id: String) -> (name: String, arguments: [String: JSON]) {
    ("object-del", ["id": .string(id)])
  }

  static func read(_ id: String) -> (name: String, arguments: [String: JSON]) {
    ("qom-get", ["path": .string("/objects/\(id)"), "property": "identity"])
  }

  /// Reads what `add` wrote; nil for anything else.
  static func text(_ answer: JSON) -> [String: String]? {
    answer.string.flatMap { JSON(parsing: $0) }?.strings
  }
}
