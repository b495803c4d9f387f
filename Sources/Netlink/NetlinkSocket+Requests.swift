import CMnl
import Glibc

extension NetlinkSocket {
  /// Sends the requests together and gives the refusals by their place. They are not one transaction: each stands for
  /// itself. NLM_F_ACK is set on all.
  package mutating func perform(_ requests: [NetlinkRequest]) throws(NetlinkError) -> [Int: NetlinkError] {
    var refusals: [Int: NetlinkError] = [:]
    // So many answers fit into the smallest receive buffer.
    for start in stride(from: 0, to: requests.count, by: 64) {
      let part = requests[start..<min(start + 64, requests.count)]
      var bytes: [UInt8] = []
      var places: [UInt32: Int] = [:]
      for (place, var request) in zip(part.indices, part) {
        request.sequence = nextSequence()
        request.addFlags(NLM_F_ACK)
        places[request.sequence] = place
        bytes += request.bytes
        while bytes.count % 4 != 0 { bytes.append(0) }
      }
      try send(unsafe bytes.span.bytes)
      while !places.isEmpty {
        guard let datagram = try receive() else { throw NetlinkError(code: EPROTO, call: "recvfrom") }
        datagram.forEach { header, message in
          guard header.type == UInt16(NLMSG_ERROR), let place = places.removeValue(forKey: header.sequence) else {
            return
          }
          refusals[place] = NetlinkError(answer: message, header: header)
        }
      }
    }
    return refusals
  }

  /// Asks for one thing and decodes it; nil when the kernel told none. Its refusal (ENODEV) is thrown.
  package mutating func ask<Element>(
    _ request: NetlinkRequest, _ decode: (_ message: RawSpan) -> Element?
  ) throws(NetlinkError) -> Element? {
    var request = request
    request.sequence = nextSequence()
    try send(unsafe request.bytes.span.bytes)
    var element: Element?
    while let datagram = try receive() {
      try datagram.forEach { header, message throws(NetlinkError) in
        guard header.sequence == request.sequence else { return }
        if header.type != UInt16(NLMSG_ERROR) {
          element = decode(message) ?? element
        } else if let error = NetlinkError(answer: message, header: header) {
          throw error
        }
      }
    }
    return element
  }

  /// Asks for all things of a sort and decodes each; nil leaves one out. What was told while things changed is asked
  /// for again.
  package mutating func dump<Element>(
    _ request: NetlinkRequest, _ decode: (_ message: RawSpan) -> Element?
  ) throws(NetlinkError) -> [Element] {
    var request = request
    request.addFlags(NLM_F_DUMP)
    // On a host where things never come to rest the last answer has to do.
    for attempt in 1... {
      request.sequence = nextSequence()
      try send(unsafe request.bytes.span.bytes)
      var elements: [Element] = []
      var isDone = false
      var isInterrupted = false
      while !isDone {
        guard let datagram = try receive() else { throw NetlinkError(code: EPROTO, call: "recvfrom") }
        try datagram.forEach { header, message throws(NetlinkError) in
          guard header.sequence == request.sequence else { return }
          isInterrupted = isInterrupted || header.isInterrupted
          switch header.type {
          case UInt16(NLMSG_DONE), UInt16(NLMSG_ERROR):
            isDone = true
            if let error = NetlinkError(answer: message, header: header) { throw error }
          default:
            if let element = decode(message) { elements.append(element) }
          }
        }
      }
      if !isInterrupted || attempt == 10 { return elements }
    }
    return []
  }
}

extension NetlinkError {
  /// Reads NLMSG_ERROR or NLMSG_DONE; nil when it reports success.
  package init?(answer message: RawSpan, header: NetlinkHeader) {
    guard let code = message.integer(Int32.self, at: NetlinkHeader.length), code != 0 else { return nil }
    self.init(code: -code, call: "", sequence: header.sequence)
    // The code, then for an error the header of the request, then attributes (NETLINK_CAP_ACK leaves out the rest).
    let attributes = NetlinkHeader.length + (header.type == UInt16(NLMSG_ERROR) ? 4 + NetlinkHeader.length : 4)
    guard header.flags & UInt16(NLM_F_ACK_TLVS) != 0 else { return }
    message.forEachAttribute(from: attributes) { type, value in
      switch UInt32(type) {
      case NLMSGERR_ATTR_MSG.rawValue: self.message = value.text
      case NLMSGERR_ATTR_OFFS.rawValue: offset = value.integer(UInt32.self, at: 0)
      default: break
      }
    }
  }
}
