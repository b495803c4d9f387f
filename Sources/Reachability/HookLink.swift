import Network

/// A link as rules ask for it.
enum HookLink: Hashable {
  /// One of ours, with IFLA_INFO_KIND.
  case own(LinkName, group: UInt32, kind: String)
  /// Any that is none of ours: its name is none of ours, its group none of any constellation's.
  case outside
  /// The loopback link, by which the host talks to itself.
  case loopback
  /// There is none at this place of the path.
  case none
}
