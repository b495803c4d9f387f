import Glibc
package import Host
import NFTables
import Netlink
import Network
import SystemPackage

/// Hears what becomes of one constellation: of its links and tables from the kernel, of its machines from their QEMUs.
/// Whoever waits holds a thread.
package final class HostWatch {
  private let scope: Scope
  private let data: DataDirectory
  private let namespace: NetworkNamespace
  private var links: LinkListener
  private var filter: FilterListener
  private var known: KnownLinks
  private var starts: StartWatch
  private var machines: [WatchedMachine] = []
  /// Machines that are being started and not heard yet, until when they are waited for.
  private var starting: [String: ContinuousClock.Instant] = [:]
  /// What was found out before anybody asked.
  private var waiting: [HostEvent] = []
  private let tables: Set<TableIdentity>
  /// Those of a transaction that is not told to its end.
  private var touched: Set<TableIdentity> = []

  /// As long as a start may take.
  private static let startPatience = Duration.seconds(60)

  /// - Parameters:
  ///   - wanted: the links that the manifest wants, with their addresses.
  ///   - tables: those of the constellation.
  init(
    _ scope: Scope, _ data: DataDirectory, in namespace: NetworkNamespace, wanted: [LinkName: String],
    tables: Set<TableIdentity>
  ) throws(HostError) {
    self.scope = scope
    self.data = data
    self.namespace = namespace
    self.tables = tables
    // Before anything is looked at: what changes meanwhile is told.
    links = try LinuxLinks.attempt("listen for links") { () throws(NetlinkError) in
      try LinkListener.open(in: namespace)
    }
    filter = try LinuxLinks.attempt("listen for tables") { () throws(NetlinkError) in
      try FilterListener.open(in: namespace)
    }
    known = KnownLinks(of: scope, wanted: wanted)
    starts = try StartWatch.open(data, scope.constellation)
    try look()
    for name in starts.starting() { starting[name] = .now + Self.startPatience }
    for process in try MachineProcess.all(of: scope, in: namespace) { add(process) }
    waiting = listen()
  }

  /// What has become of it since the last time. Waits for something, but no longer than until `wake` is readable: then
  /// there may be nothing.
  package func next(orUntil wake: Int32) throws(HostError) -> [HostEvent] {
    defer { waiting = [] }
    while waiting.isEmpty {
      let monitors = machines.compactMap(\.monitorDescriptor)
      let descriptors = [wake, links.descriptor, filter.descriptor, starts.descriptor] + monitors
      var polled = (descriptors + machines.map { $0.handle.pollDescriptor }).map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      // Nobody tells that a process has come or listens, so one that is being started is looked for. In milliseconds.
      guard unsafe poll(&polled, nfds_t(polled.count), starting.isEmpty ? -1 : 10) >= 0 || errno == EINTR else {
        throw HostError("wait for events", .lastCall("poll"))
      }
      waiting = try takeLinks() + takeTables() + takeMachines()
      for name in starts.starting() { starting[name] = .now + Self.startPatience }
      waiting += try find()
      if polled[0].revents != 0 { break }
    }
    return waiting
  }

  /// Links as they are now.
  private func look() throws(HostError) {
    let told = try LinuxLinks.attempt("list links") { () throws(NetlinkError) in
      var socket = try RouteSocket.open(in: namespace)
      return try socket.told()
    }
    known.reset(told.links, told.addresses)
  }

  private func takeLinks() throws(HostError) -> [HostEvent] {
    do throws(NetlinkError) {
      return try links.notices().compactMap { known.take($0) }.map(HostEvent.link)
    } catch {
      guard error.code == ENOBUFS else {
        throw HostError("listen for links", .system(errno: error.code, call: error.call))
      }
      // What still waits is older than what is looked at now, and as good as lost too.
      links.discard()
      try look()
      return [.lost]
    }
  }

  private func takeTables() throws(HostError) -> [HostEvent] {
    var events: [HostEvent] = []
    do throws(NetlinkError) {
      for notice in try filter.notices() {
        switch notice {
        case .touched(let table): if tables.contains(table) { touched.insert(table) }
        case .committed(let pid, let program):
          guard !touched.isEmpty else { continue }
          events.append(.tables(touched.sorted(), by: Self.actor(pid, program)))
          touched = []
        }
      }
      return events
    } catch {
      guard error.code == ENOBUFS else {
        throw HostError("listen for tables", .system(errno: error.code, call: error.call))
      }
      filter.discard()
      touched = []
      return events + [.lost]
    }
  }

  /// The kernel tells the thread; where that still is, its process is what a person knows. nil where it does not tell.
  private static func actor(_ thread: Int32, _ name: String) -> HostEvent.Actor? {
    guard thread > 0 else { return nil }
    let status = (try? SmallFile.read("/proc/\(thread)/status", limit: 4096)) ?? []
    let lines = String(decoding: status, as: UTF8.self).split(separator: "\n")
    guard let process = lines.first(where: { $0.hasPrefix("Tgid:\t") }).flatMap({ Int32($0.dropFirst(6)) }),
      let program = try? SmallFile.read("/proc/\(process)/comm", limit: 64)
    else { return HostEvent.Actor(pid: thread, program: name) }
    return HostEvent.Actor(pid: process, program: String(decoding: program.prefix { $0 != 0x0a }, as: UTF8.self))
  }

  private func takeMachines() -> [HostEvent] {
    var events: [HostEvent] = []
    for machine in machines {
      for event in machine.takeEvents() ?? [] { events.append(.machine(machine.process.name, event)) }
    }
    // Asked once: one that ends between two questions would go untold.
    let ended = Set(machines.filter { $0.handle.hasEnded }.map(\.process.pid))
    for machine in machines where ended.contains(machine.process.pid) {
      // Its last words may have come after they were looked for.
      for event in machine.takeEvents() ?? [] { events.append(.machine(machine.process.name, event)) }
      events.append(.machine(machine.process.name, .ended(pid: machine.process.pid)))
    }
    machines.removeAll { ended.contains($0.process.pid) }
    return events
  }

  /// Finds machines that have come, and hears those that can be heard by now.
  private func find() throws(HostError) -> [HostEvent] {
    guard !starting.isEmpty else { return [] }
    var events: [HostEvent] = []
    for process in try MachineProcess.all(of: scope, in: namespace) where add(process) {
      events.append(.machine(process.name, .started(pid: process.pid)))
    }
    return events + listen()
  }

  /// False where it is there already, or gone.
  @discardableResult
  private func add(_ process: MachineProcess) -> Bool {
    guard !machines.contains(where: { $0.process.pid == process.pid }), let machine = WatchedMachine(process) else {
      return false
    }
    machines.append(machine)
    return true
  }

  /// Tries those that are not heard yet, and gives up on what takes too long.
  private func listen() -> [HostEvent] {
    var events: [HostEvent] = []
    for machine in machines where machine.isYetToBeHeard {
      let name = machine.process.name
      switch machine.listen(in: RunFolder(path: data.run(name, of: scope.constellation))) {
      case .heard: starting[name] = nil
      case .refused:
        starting[name] = nil
        events.append(.machine(name, .unheard))
      case .notYet: starting[name] = starting[name] ?? .now + Self.startPatience
      }
    }
    for (name, deadline) in starting where deadline < .now {
      starting[name] = nil
      for machine in machines where machine.process.name == name && machine.isYetToBeHeard {
        machine.giveUp()
        events.append(.machine(name, .unheard))
      }
    }
    return events
  }
}
