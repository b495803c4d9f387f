import Network

/// A link as rules ask for it.
enum HookLink {
  /// One of ours.
  case own(Own)
  /// Any that is none of ours: its name is none of ours, its group none of any constellation's.
  case outside
  /// The loopback link, by which the host talks to itself.
  case loopback
  /// There is none at this place of the path.
  case none

  /// Its name, IFLA_GROUP and IFLA_INFO_KIND as registers hold them. An object, since every hook gets it.
  final class Own: Sendable {
    let name: [UInt8]
    let group: [UInt8]
    let kind: [UInt8]

    init(_ name: LinkName, group: UInt32, kind: String) {
      self.name = Field.link(name).bytes
      self.group = group.nativeBytes
      self.kind = HookLink.padded(kind)
    }
  }

  /// 16 bytes.
  static func padded(_ text: String) -> [UInt8] {
    Array(text.utf8) + [UInt8](repeating: 0, count: max(0, 16 - text.utf8.count))
  }
}
