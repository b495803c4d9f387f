import Network

/// The addresses of the world: those of single stations that are none of ours.
struct WorldSpace {
  /// Sorted, without gaps of other families.
  let ranges: [IPAddress.Family: [ClosedRange<UInt128>]]

  /// 1.0.0.0...126.255.255.255, 128.0.0.0...223.255.255.255 (RFC 6890), and of IPv6 what is neither special, link-local
  /// nor multicast (RFC 4291).
  private static let stations: [IPAddress.Family: [ClosedRange<UInt128>]] = [
    .v4: [0x0100_0000...0x7eff_ffff, 0x8000_0000...0xdfff_ffff],
    .v6: [1 << 96...(0xfe00 << 112) - 1],
  ]

  init(_ network: CompiledNetwork) {
    var ranges = Self.stations
    for prefix in network.bridges.flatMap(\.addresses).map(\.prefix) {
      let own = prefix.address.value...prefix.last.value
      ranges[prefix.family] = ranges[prefix.family]?.flatMap { $0.without(own) }
    }
    self.ranges = ranges
  }
}
