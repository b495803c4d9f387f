import Glibc
import Host
import QMP

/// A QEMU that is heard: its end always, what it tells where its monitor for that is to be had.
final class WatchedMachine {
  let process: MachineProcess
  let handle: ProcessHandle
  private var monitor: Monitor?
  /// Nobody has tried to the end.
  private(set) var isYetToBeHeard = true

  /// nil when the process is gone.
  init?(_ process: MachineProcess) {
    guard let handle = ProcessHandle.open(pid: process.pid), process.isThere else { return nil }
    self.process = process
    self.handle = handle
  }

  /// How the attempt to hear it went.
  enum Hearing: Equatable {
    case heard
    /// It is being started and does not listen yet.
    case notYet
    case refused
  }

  func listen(in folder: RunFolder) -> Hearing {
    do throws(QMPError) {
      var monitor = try folder.connect(.events)
      // What is not its socket is left over from another.
      guard monitor.peer == process.pid else { return .notYet }
      try monitor.listen()
      self.monitor = consume monitor
      isYetToBeHeard = false
      return .heard
    } catch .system(ECONNREFUSED, _) {
      return .notYet
    } catch {
      isYetToBeHeard = false
      return .refused
    }
  }

  func giveUp() { isYetToBeHeard = false }

  /// For waiting; nil where it is not heard.
  var monitorDescriptor: Int32? { monitor?.pollDescriptor }

  /// What it told since the last time; nil when it closed its monitor, which it does at its end.
  func takeEvents() -> [MachineEvent]? {
    guard var heard = monitor.take() else { return [] }
    do {
      let events = try heard.takeEvents().compactMap { MachineEvent($0) }
      monitor = consume heard
      return events
    } catch {
      return nil
    }
  }
}

extension MachineEvent {
  /// nil for what is of no interest: the clock that a guest sets, addresses that it listens for.
  init?(_ event: MonitorEvent) {
    let reason = event.data["reason"]?.string ?? ""
    switch event.name {
    case "SHUTDOWN": self = .shutDown(reason: reason)
    case "STOP": self = .stopped
    case "RESUME": self = .resumed
    case "RESET": self = .reset(reason: reason)
    case "POWERDOWN": self = .poweredDown
    case "SUSPEND", "SUSPEND_DISK": self = .suspended
    case "WAKEUP": self = .wokeUp
    case "DEVICE_DELETED":
      // Parts of a device tell it too, by their paths alone.
      guard let device = event.data["device"]?.string else { return nil }
      self = .deviceDeleted(device)
    case "DEVICE_UNPLUG_GUEST_ERROR": self = .failed("its guest keeps \(event.data["device"]?.string ?? "a device")")
    case "GUEST_PANICKED": self = .failed("its guest's kernel panicked")
    case "BLOCK_IO_ERROR": self = .failed("an error of disk \(event.data["node-name"]?.string ?? "")")
    case "WATCHDOG": self = .failed("its watchdog barked")
    default: return nil
    }
  }
}
