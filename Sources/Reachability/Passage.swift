import Network

/// A packet on its way, as the hooks see it.
struct Passage {
  /// nil where the packet has not come to a bridge.
  private var linkHeader: [UInt8]?
  /// Which of the two addresses of the link header are known.
  private var hasKnownReceiver = false
  private var hasKnownSender = false
  private(set) var networkHeader: [UInt8]
  private(set) var transportHeader: [UInt8]
  let family: IPAddress.Family
  let transport: UInt8
  let state: Packet.ConnectionState
  /// Which rules have given it another destination.
  private(set) var hasNewDestination = false
  private(set) var hasNewSource = false
  var mark: UInt32 = 0
  var bounds = Bounds.all
  /// The dimensions that are held open.
  private(set) var open: Dimensions
  /// Its new source is an address of the host that is not known.
  private(set) var hasUnknownSource = false

  /// - Parameters:
  ///   - open: for which dimensions the bounds are wanted.
  ///   - words: what stands where TCP and UDP have their ports; nil: as the packet has it.
  init(_ packet: Packet, open: Dimensions, words: (source: UInt16?, destination: UInt16)? = nil) {
    family = packet.family
    transport = packet.transport
    state = packet.state
    transportHeader = packet.transportHeader
    if let words {
      if let word = words.source {
        transportHeader[0] = UInt8(word >> 8)
        transportHeader[1] = UInt8(word & 255)
      }
      transportHeader[2] = UInt8(words.destination >> 8)
      transportHeader[3] = UInt8(words.destination & 255)
    }
    let addresses = packet.source.bytes + packet.destination.bytes
    if packet.family == .v4 {
      networkHeader = [0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, packet.transport, 0, 0] + addresses
    } else {
      networkHeader = [0x60, 0, 0, 0, 0, 20, packet.transport, 64] + addresses
    }
    // What ICMP has there is what the packet is.
    self.open = transport == 1 || transport == 58 ? open.subtracting(.sourcePort) : open
  }

  var etherType: [UInt8] { family == .v4 ? [0x08, 0x00] : [0x86, 0xdd] }

  private var addressLength: Int { family == .v4 ? 4 : 16 }
  private var sourceStart: Int { family == .v4 ? 12 : 8 }
  private var destinationStart: Int { sourceStart + addressLength }

  var source: IPAddress {
    IPAddress(family, value: networkHeader[sourceStart..<destinationStart].reduce(0) { $0 << 8 | UInt128($1) })
  }

  var destination: IPAddress {
    IPAddress(family, value: networkHeader[destinationStart...].reduce(0) { $0 << 8 | UInt128($1) })
  }

  /// nil for a protocol without ports.
  var destinationPort: UInt16? {
    transport == 6 || transport == 17 ? UInt16(transportHeader[2]) << 8 | UInt16(transportHeader[3]) : nil
  }

  /// - Parameters: nil for the host's own address, which is not known.
  mutating func setLinkHeader(from sender: MACAddress?, to receiver: MACAddress?) {
    hasKnownSender = sender != nil
    hasKnownReceiver = receiver != nil
    let none = MACAddress(value: 0)
    linkHeader = (receiver ?? none).bytes + (sender ?? none).bytes + etherType
  }

  mutating func setDestination(_ address: [UInt8], port: [UInt8]?) {
    networkHeader.replaceSubrange(destinationStart..<destinationStart + addressLength, with: address)
    open.remove(.destination)
    if let port {
      transportHeader.replaceSubrange(2..<4, with: port)
      open.remove(.port)
    }
    hasNewDestination = true
  }

  /// - Parameter address: nil: one that is not known.
  mutating func setSource(_ address: [UInt8]?) {
    if let address, address.count == addressLength {
      networkHeader.replaceSubrange(sourceStart..<destinationStart, with: address)
    } else {
      hasUnknownSource = true
    }
    // The port stays, unless somebody else has that one.
    open.remove(.source)
    hasNewSource = true
  }

  /// What a rule reads.
  enum Reading {
    case bytes(ArraySlice<UInt8>, open: [Registers.OpenField])
    /// The packet is too short.
    case missing
    case unknown
  }

  func read(_ base: PayloadBase, at offset: Int, _ length: Int) -> Reading {
    let header: [UInt8]
    switch base {
    case .link:
      guard let linkHeader, offset >= 6 || hasKnownReceiver, offset >= 12 || offset + length <= 6 || hasKnownSender
      else { return .unknown }
      header = linkHeader
    case .network: header = networkHeader
    case .transport: header = transportHeader
    }
    guard offset + length <= header.count else {
      // Beyond the first bytes that are made here the packet may go on.
      return base == .transport ? .unknown : .missing
    }
    if base == .network, hasUnknownSource, offset < destinationStart, offset + length > sourceStart { return .unknown }
    return .bytes(header[offset..<offset + length], open: fields(base, at: offset, length))
  }

  private func fields(_ base: PayloadBase, at offset: Int, _ length: Int) -> [Registers.OpenField] {
    guard !open.isEmpty, base != .link else { return [] }
    var fields: [Registers.OpenField] = []
    func add(_ dimension: Dimension, at start: Int, _ size: Int) {
      guard open.contains(Dimensions(dimension)) else { return }
      let first = max(start, offset)
      let end = min(start + size, offset + length)
      guard first < end else { return }
      fields.append(
        Registers.OpenField(
          start: first - offset, length: end - first, dimension: dimension, cut: start + size - end,
          isScrambled: first != start))
    }
    if base == .network {
      add(.source, at: sourceStart, addressLength)
      add(.destination, at: destinationStart, addressLength)
    } else {
      add(.sourcePort, at: 0, 2)
      add(.port, at: 2, 2)
    }
    return fields
  }
}
