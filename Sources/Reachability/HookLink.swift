import Network

/// A link as rules ask for it.
enum HookLink {
  /// One of ours: its name, IFLA_GROUP and IFLA_INFO_KIND as registers hold them.
  case own(name: [UInt8], group: [UInt8], kind: [UInt8])
  /// Any that is none of ours: its name is none of ours, its group none of any constellation's.
  case outside
  /// The loopback link, by which the host talks to itself.
  case loopback
  /// There is none at this place of the path.
  case none

  init(_ name: LinkName, group: UInt32, kind: String) {
    self = .own(name: Field.link(name).bytes, group: group.nativeBytes, kind: Self.padded(kind))
  }

  /// 16 bytes.
  static func padded(_ text: String) -> [UInt8] {
    Array(text.utf8) + [UInt8](repeating: 0, count: max(0, 16 - text.utf8.count))
  }
}
