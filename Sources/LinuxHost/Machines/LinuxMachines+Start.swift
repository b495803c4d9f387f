import CLinux
import Glibc
package import Host
import Netlink
import Network
import QMP
import SystemPackage

extension LinuxMachines {
  /// From the start of the process to its monitor's word that it runs: tenths of a second, more on a busy machine.
  private static let startPatience = Duration.seconds(60)

  package func start(_ design: MachineDesign) async throws(HostError) {
    let attempted = "start vm \(design.name)"
    func isIt(_ process: MachineProcess) -> Bool { process.name == design.name }
    if try MachineProcess.all(of: design.scope, in: namespace).contains(where: isIt) { return }
    // It has the same disks and sockets.
    if let other = try MachineProcess.all(of: design.scope, in: nil).first(where: isIt) {
      throw HostError(attempted, .notOurs("vm \(design.name) in another network namespace, pid \(other.pid)"))
    }
    try checkRootIsFound(by: design, attempted)
    let program = try Self.program("qemu-system-\(design.arch)", attempted)
    let folder = runFolder(design.name, of: design.scope)
    try folder.prepare()
    do throws(HostError) {
      try await writeIdentity(of: design, in: folder, attempted)
      let child = try await launch(program, design, folder, attempted)
      try await awaitRunning(child, design, folder, attempted)
      if design.display == .vnc { try folder.takeDisplay() }
    } catch {
      // A QEMU that did not come up must not hold its disks; what it said is in the error.
      try? folder.removeSockets()
      throw error
    }
  }

  /// Opens everything the machine needs and starts it. The descriptors are closed here once it has its own.
  private func launch(
    _ program: FilePath, _ design: MachineDesign, _ folder: RunFolder, _ attempted: String
  ) async throws(HostError) -> LastingChild {
    var handover = Handover()
    let given = try await hand(over: design, folder, &handover)
    let log = try folder.openLog(folder.log)
    defer { _ = close(log) }
    let command = ["\(program)"] + design.commandLine(given)
    let child = try LastingChild.spawn(
      command, ["LC_ALL=C"], handover.descriptors, log: log, network: namespace.descriptor, user: design.scope.uid,
      attempted)
    do throws(HostError) { try LinuxLimits(data).hold(child.pid, design.name, of: design.scope) } catch {
      await child.discard()
      throw error
    }
    return child
  }

  private func hand(
    over design: MachineDesign, _ folder: RunFolder, _ handover: inout Handover
  ) async throws(HostError) -> HandedOver {
    let control = handover.give(try folder.bind(.control))
    let observe = handover.give(try folder.bind(.observe))
    let events = handover.give(try folder.bind(.events))
    let console = handover.give(try folder.bind(.console))
    let serialLog = handover.give(try folder.openLog(folder.serialLog.path))
    let archive = design.identityArchive(try keys(of: design), modules: modules(of: design)?.exists == true)
    let kernel = try openKernel(design, identity: design.hasFirmwareFiles ? nil : archive, &handover)
    let flash = try openFlash(design, &handover, "start vm \(design.name)")
    let identity =
      design.hasFirmwareFiles
      ? handover.give(try Self.privateMemory("identity", archive, owner: design.scope.uid)) : nil
    var disks: [[Int]] = []
    for disk in design.disks {
      guard disk.serial.utf8.count <= 20 else {
        throw HostError("open disk \(disk.name)", .malformed("serial \(disk.serial)", "longer than 20 bytes"))
      }
      disks.append(try DiskChain.open(data.file(of: disk, design.scope), below: data.store, &handover))
    }
    var taps: [Int] = []
    for network in design.networks { taps.append(handover.give(try await attach(network.tap))) }
    let vnc = design.display == .vnc ? handover.give(try folder.openVNC(owner: design.scope.uid)) : nil
    return HandedOver(
      control: control, observe: observe, events: events, console: console, serialLog: serialLog, identity: identity,
      kernel: kernel, flash: flash, disks: disks, taps: taps, vncFolder: vnc)
  }

  /// nil where QEMU loads no kernel.
  private func modules(of design: MachineDesign) -> FilePath? {
    guard case .kernel(let name, _) = design.boot else { return nil }
    return data.entry(.kernel, name).appending("modules.img")
  }

  /// - Parameter identity: what the initramfs is to hold besides; nil: nothing.
  private func openKernel(
    _ design: MachineDesign, identity: [UInt8]?, _ handover: inout Handover
  ) throws(HostError) -> HandedOver.Kernel? {
    switch design.boot {
    case .bios, .efi, .loader, .image: return nil
    case .kernel(let name, _):
      let entry = data.entry(.kernel, name)
      let image = handover.give(try Self.openReadable(entry.appending("kernel"), owner: design.scope.uid))
      let initrd = handover.give(
        try openInitramfs(entry.appending("initrd"), identity: identity, owner: design.scope.uid))
      guard let modules = modules(of: design), modules.exists else {
        return HandedOver.Kernel(image: image, initrd: initrd, modules: nil)
      }
      return HandedOver.Kernel(image: image, initrd: initrd, modules: handover.give(try Self.open(modules)))
    }
  }

  /// Linux reads archives that stand one behind the other as one.
  private func openInitramfs(_ file: FilePath, identity: [UInt8]?, owner: UInt32) throws(HostError) -> Int32 {
    guard let identity else { return try Self.openReadable(file, owner: owner) }
    let bytes = try file.contents(limit: 1 << 30) + InitramfsArchive.holding(identity, as: "identity.tar")
    return try Self.privateMemory("initramfs", bytes, owner: owner)
  }

  func attach(_ tap: LinkName) async throws(HostError) -> Int32 {
    let deadline = ContinuousClock.now + .seconds(5)
    while true {
      do throws(NetlinkError) {
        return try namespace.run { () throws(NetlinkError) -> Int32 in
          let descriptor = unsafe meros_attach_tap(tap.text)
          guard descriptor >= 0 else { throw NetlinkError(errno: -descriptor, call: "TUNSETIFF") }
          return descriptor
        }
      } catch  where error.code == EBUSY && .now < deadline {
        // A QEMU that was just killed counts as gone while its last threads still hold what it had open.
        do { try await Task.sleep(for: .milliseconds(20)) } catch { throw HostError("attach tap \(tap)", .cancelled) }
      } catch {
        let cause: HostError.Cause =
          error.code == ENODEV ? .missing("tap \(tap)") : .system(errno: error.code, call: error.call)
        throw HostError("attach tap \(tap)", cause)
      }
    }
  }

  /// Connects as soon as QEMU listens and asks until it says that it runs.
  private func awaitRunning(
    _ child: consuming LastingChild, _ design: MachineDesign, _ folder: RunFolder, _ attempted: String
  ) async throws(HostError) {
    let deadline = ContinuousClock.now + Self.startPatience
    while !child.handle.hasEnded {
      do throws(QMPError) {
        var monitor = try folder.connect(.control)
        if monitor.peer == child.pid {
          let status = try await monitor.status(until: deadline)
          // "prelaunch" is on the way to it, unless it was asked to stay there; anything else is for `awaitReady` to
          // judge.
          if status.runState != "prelaunch" || design.extraArguments.contains("-S") { return }
        }
      } catch .system(ECONNREFUSED, _) {
        // It does not listen yet.
      } catch .closed {
        // It is about to end.
      } catch {
        await child.discard()
        throw HostError(attempted, error.cause(after: Self.startPatience))
      }
      do { try await Task.sleep(for: .milliseconds(2)) } catch {
        await child.discard()
        throw HostError(attempted, .cancelled)
      }
    }
    throw HostError(attempted, .program(child.failure(log: folder.log)))
  }
}

extension QMPError {
  /// As the cause of a deed that could not be done; `patience` is the time that was given.
  func cause(after patience: Duration) -> HostError.Cause {
    switch self {
    case .system(let errno, let call): .system(errno: errno, call: call)
    case .closed: .system(errno: ECONNRESET, call: "recv")
    case .timeout: .timeout(patience)
    case .malformed: .malformed("QMP", "not a message")
    case .refused(let command, _, let description): .malformed("QMP \(command)", description)
    case .cancelled: .cancelled
    }
  }
}
