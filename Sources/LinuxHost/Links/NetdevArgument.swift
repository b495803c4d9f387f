import Network

/// `-netdev tap,id=net0,fd=5` of a QEMU.
struct NetdevArgument {
  var id: String
  var descriptor: Int32
  /// How many taps stand before it on the command line.
  var place: Int

  static func all(in arguments: [String]) -> [NetdevArgument] {
    var found: [NetdevArgument] = []
    for (option, value) in zip(arguments, arguments.dropFirst()) where option == "-netdev" {
      let parts = value.split(separator: ",")
      guard parts.first == "tap",
        let id = parts.first(where: { $0.hasPrefix("id=") })?.dropFirst(3),
        let descriptor = parts.first(where: { $0.hasPrefix("fd=") }).flatMap({ Int32($0.dropFirst(3)) })
      else { continue }
      found.append(NetdevArgument(id: String(id), descriptor: descriptor, place: found.count))
    }
    return found
  }

  /// The machine's own record, among the arguments, says that this is the interface with the tap.
  func carries(_ tap: LinkName, in arguments: [String]) -> Bool {
    ProcessMark(of: arguments)?.attributes["networks[\(place)].tap"] == tap.text
  }

  /// A virtio device of our time has 12 bytes before each packet, other models leave it at what the kernel starts with.
  func headerSize(in arguments: [String]) -> Int32 {
    let hasVirtio = arguments.contains { argument in
      argument.hasPrefix("virtio-net") && argument.split(separator: ",").contains("netdev=\(id)")
    }
    return hasVirtio ? 12 : 10
  }
}
