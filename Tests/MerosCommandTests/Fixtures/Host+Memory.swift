import Host
import HostTesting

extension Host {
  /// A machine with nothing on it.
  static var inMemory: Host { MemoryHost().host }
}
