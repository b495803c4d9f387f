package import Network

/// Something that became of what a constellation has, as the kernel and QEMU tell it.
package enum HostEvent: Equatable, Sendable {
  case link(LinkEvent)
  /// One transaction changed these tables; nil where the kernel does not say who made it.
  case tables([TableIdentity], by: Actor?)
  case machine(String, MachineEvent)
  /// More was told than there was room for: what is known of links and tables may be old.
  case lost

  /// A process.
  package struct Actor: Hashable, Sendable {
    package var pid: Int32
    package var program: String

    package init(pid: Int32, program: String) {
      self.pid = pid
      self.program = program
    }
  }
}

/// What became of a link.
package struct LinkEvent: Equatable, Sendable {
  package var name: LinkName
  /// The resource that it is, "tap.web-lan": by its mark, or by its name where it has none (yet); nil: none.
  package var address: String?
  package var fate: Fate

  package init(name: LinkName, address: String?, fate: Fate) {
    self.name = name
    self.address = address
    self.fate = fate
  }

  package enum Fate: Equatable, Sendable {
    case appeared
    case vanished
    /// At least one.
    case changed([Change])
  }

  package enum Change: Equatable, Sendable {
    case isUp(Bool)
    /// For a tap: a machine holds it.
    case hasCarrier(Bool)
    /// The bridge that it is a port of; nil: none.
    case master(LinkName?)
    case mtu(UInt32)
    case mac(MACAddress?)
    case name(from: LinkName)
    case mark(String?)
    case isIsolated(Bool)
    case address(InterfaceAddress, isThere: Bool)
  }
}

/// What became of a VM.
package enum MachineEvent: Equatable, Sendable {
  case started(pid: Int32)
  /// Its process is gone.
  case ended(pid: Int32)
  /// It is about to end, for QEMU's reason: "guest-shutdown", "host-qmp-quit".
  case shutDown(reason: String)
  case stopped
  case resumed
  /// For QEMU's reason: "guest-reset".
  case reset(reason: String)
  /// It was asked to power down.
  case poweredDown
  case suspended
  case wokeUp
  /// A device went, by QEMU's id or path.
  case deviceDeleted(String)
  /// Its guest's kernel panicked, or QEMU stopped it for an error of a disk.
  case failed(String)
  /// What its QEMU tells is not heard: it was started by an older meros, or somebody else hears it. Its end is.
  case unheard
}
