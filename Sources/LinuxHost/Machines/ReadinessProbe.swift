import CLinux
import Glibc
import Host
import Netlink
import Network
import SystemPackage

/// One way to find out whether a guest is ready; asked again and again.
protocol ReadinessProbe: Sendable {
  func ask() async -> ProbeAnswer
}

enum ProbeAnswer {
  case ready
  case notYet
  /// Something answered, but not as it should; what it said.
  case refused([String])
}

/// Something accepts connections at the port.
struct PortProbe: ReadinessProbe {
  let address: IPAddress
  let port: UInt16
  let namespace: NetworkNamespace

  func ask() async -> ProbeAnswer {
    guard let connection = await Connection.open(address, port, namespace, within: .seconds(1)) else { return .notYet }
    _ = consume connection
    return .ready
  }
}

/// The text stands in the serial log.
struct ConsoleProbe: ReadinessProbe {
  let text: String
  let log: SerialLog

  func ask() async -> ProbeAnswer { log.contains(text) ? .ready : .notYet }
}

/// A TCP connection from the network namespace; closed with the value.
struct Connection: ~Copyable {
  private let descriptor: Int32

  deinit { _ = close(descriptor) }

  /// nil when it does not come about in time.
  static func open(
    _ address: IPAddress, _ port: UInt16, _ namespace: NetworkNamespace, within patience: Duration
  ) async -> Connection? {
    let bytes = address.bytes
    // A namespace that cannot be entered shows itself in everything else that is done there.
    let made = try? namespace.run { () throws(NetlinkError) -> Int32 in
      unsafe meros_connect_tcp(bytes, bytes.count, port)
    }
    guard let descriptor = made, descriptor >= 0 else { return nil }
    let connection = Connection(descriptor: descriptor)
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      let state = meros_connected(descriptor)
      if state > 0 { return connection }
      if state < 0 { return nil }
      if (try? await Task.sleep(for: .milliseconds(5))) == nil { return nil }
    }
    return nil
  }

  /// What the other side says first, up to 255 bytes; empty when it says nothing in time.
  func greeting(within patience: Duration) async -> String {
    let deadline = ContinuousClock.now + patience
    var buffer = [UInt8](repeating: 0, count: 255)
    while ContinuousClock.now < deadline {
      let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
      if count >= 0 { return String(decoding: buffer.prefix(count), as: UTF8.self) }
      guard errno == EAGAIN || errno == EINTR else { return "" }
      if (try? await Task.sleep(for: .milliseconds(10))) == nil { return "" }
    }
    return ""
  }
}
