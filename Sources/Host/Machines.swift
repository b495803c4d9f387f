package import Network

/// What runs the guest's instructions.
package enum Accelerator: String, Hashable, Sendable {
  case kvm, tcg
}

/// A QEMU as it should run.
package struct MachineDesign: Hashable, Sendable {
  package var scope: Scope
  /// The VM's name in the manifest.
  package var name: String
  /// `-uuid`, from scope and name; lower-case with hyphens.
  package var uuid: String
  /// x86_64 | aarch64 | riscv64
  package var arch: String
  package var memory: ByteCount
  package var cpus: Int
  package var accelerator: Accelerator
  package var boot: Boot
  package var disks: [Disk]
  package var networks: [Interface]
  package var identity: GuestIdentity
  package var display: Display
  /// Appended to the command line as they are, already split into words.
  package var extraArguments: [String]
  package var readiness: Readiness

  package enum Boot: Hashable, Sendable {
    /// Our initramfs and a kernel of the store, by the entry's name; what is appended to the command line.
    case kernel(entry: String, commandLine: String)
    case bios
    case efi
    /// By the firmware, with the kernel and our initramfs that are in the image of the root disk.
    case loader(Firmware)
    /// By the loader that is on the root disk, with the firmware that its image was made for.
    case image
  }

  package struct Disk: Hashable, Sendable {
    /// The disk's name in `DiskDesign`; the first is the root disk.
    package var name: String
    /// virtio serial: how the guest knows it.
    package var serial: String
    /// Where the initramfs mounts it; nil for the root disk and for disks that the guest mounts itself.
    package var mountPoint: String?
    /// nil where nothing is mounted.
    package var fileSystem: String?
    /// What the guest sees; nil for an overlay: its image's.
    package var size: ByteCount?
    package var format: DiskFormat

    package init(
      name: String, serial: String, mountPoint: String? = nil, fileSystem: String? = nil, size: ByteCount? = nil,
      format: DiskFormat = .qcow2
    ) {
      self.name = name
      self.serial = serial
      self.mountPoint = mountPoint
      self.fileSystem = fileSystem
      self.size = size
      self.format = format
    }
  }

  package struct Interface: Hashable, Sendable {
    package var tap: LinkName
    package var mac: MACAddress
    /// QEMU's device: virtio-net-pci.
    package var model: String
    package var addresses: [InterfaceAddress]
    /// At most one per family.
    package var gateways: [IPAddress]
    package var nameservers: [IPAddress]
    /// The name server of its bridge, where the manifest names none for it: the guest learns of it at its next boot.
    package var offeredNameservers: [IPAddress]
    /// In bytes.
    package var mtu: UInt32

    package init(
      tap: LinkName, mac: MACAddress, model: String, addresses: [InterfaceAddress], gateways: [IPAddress],
      nameservers: [IPAddress], offeredNameservers: [IPAddress] = [], mtu: UInt32
    ) {
      self.tap = tap
      self.mac = mac
      self.model = model
      self.addresses = addresses
      self.gateways = gateways
      self.nameservers = nameservers
      self.offeredNameservers = offeredNameservers
      self.mtu = mtu
    }
  }

  package enum Display: String, Hashable, Sendable {
    case none
    /// On a socket of its own.
    case vnc
  }

  package enum Readiness: Hashable, Sendable {
    /// The ssh server at the VM's first address answers with the VM's pinned host key.
    case ssh(timeout: Duration)
    /// This text stands in the serial log.
    case console(String, timeout: Duration)
    case tcp(port: UInt16, timeout: Duration)
    case none
  }

  package init(
    scope: Scope, name: String, uuid: String, arch: String, memory: ByteCount, cpus: Int, accelerator: Accelerator,
    boot: Boot, disks: [Disk], networks: [Interface], identity: GuestIdentity, display: Display,
    extraArguments: [String], readiness: Readiness
  ) {
    self.scope = scope
    self.name = name
    self.uuid = uuid
    self.arch = arch
    self.memory = memory
    self.cpus = cpus
    self.accelerator = accelerator
    self.boot = boot
    self.disks = disks
    self.networks = networks
    self.identity = identity
    self.display = display
    self.extraArguments = extraArguments
    self.readiness = readiness
  }
}

/// Who the guest is: reaches it at boot, never through the image. The private host key and the public client key are
/// added from `data/keys` when the VM starts.
package struct GuestIdentity: Hashable, Sendable {
  package var hostname: String
  /// Lines of `/etc/hosts` for every VM of the constellation: address and names, sorted.
  package var hosts: [HostLine]
  /// A login besides root; nil for none.
  package var user: String?
  /// Public keys that may log in as root and as `user`, besides the constellation's own.
  package var authorizedKeys: [String]

  package struct HostLine: Hashable, Sendable {
    package var address: IPAddress
    package var names: [String]

    package init(address: IPAddress, names: [String]) {
      self.address = address
      self.names = names
    }
  }

  package init(hostname: String, hosts: [HostLine], user: String?, authorizedKeys: [String]) {
    self.hostname = hostname
    self.hosts = hosts
    self.user = user
    self.authorizedKeys = authorizedKeys
  }
}

/// A QEMU as it runs, from /proc and its monitor.
package struct ObservedMachine: Hashable, Sendable {
  package var name: String
  package var pid: Int32
  /// What it is: attributes of the design by name, as `MachineDesign.attributes` gives them. What only a start can change
  /// is carried by the process itself, the rest is what its monitor says. Empty when it cannot be read.
  package var attributes: [String: String]
  /// Its monitor answers and says that it is the machine we take it for. false: running but unmanageable.
  package var isManageable: Bool
  /// QMP `RunState`: "running", "paused", "internal-error"; nil when unmanageable.
  package var runState: String?
  /// What it can still take while it runs; nil when that is not known.
  package var room: Room?
  /// It was changed while it ran, and its guest is yet to prove that it took the change.
  package var isUnproven: Bool

  package struct Room: Hashable, Sendable {
    /// The most that it may have.
    package var memory: ByteCount
    /// How many more pieces of memory.
    package var memorySlots: Int
    /// The most that it may have.
    package var cpus: Int
    /// How many more networks and disks.
    package var ports: Int

    package init(memory: ByteCount, memorySlots: Int, cpus: Int, ports: Int) {
      self.memory = memory
      self.memorySlots = memorySlots
      self.cpus = cpus
      self.ports = ports
    }
  }

  package init(
    name: String, pid: Int32, attributes: [String: String], isManageable: Bool, runState: String?, room: Room? = nil,
    isUnproven: Bool = false
  ) {
    self.name = name
    self.pid = pid
    self.attributes = attributes
    self.isManageable = isManageable
    self.runState = runState
    self.room = room
    self.isUnproven = isUnproven
  }
}

package protocol Machines: Sendable {
  /// Every QEMU of the scope, found by scanning /proc and proven over its socket.
  func machines(of scope: Scope) async throws(HostError) -> [ObservedMachine]
  /// How the QEMUs of these process ids are doing; one that has ended is left out.
  func vitals(of pids: [Int32]) async -> [Int32: MachineVitals]
  /// The names of machines that do not run, in whatever network namespace, but left logs behind.
  func traces(of scope: Scope) async throws(HostError) -> [String]
  /// Starts the machine and returns once its monitor says that it runs; one that runs already is left alone.
  func start(_ design: MachineDesign) async throws(HostError)
  /// Returns once the guest is ready, at once when `readiness` is `none`.
  func awaitReady(_ design: MachineDesign, progress: Progress) async throws(HostError)
  /// Asks the guest to power down, waits, then kills; returns when the process is gone.
  func stop(_ name: String, of scope: Scope, grace: Duration) async throws(HostError)
  /// Takes from a running machine the networks and data disks that the design does not have.
  func release(_ design: MachineDesign) async throws(HostError)
  /// Gives a running machine what the design has and it has not, of what can come while it runs: memory, processors, room
  /// on disks, networks, data disks. Returns once the guest has proven that it has all of it.
  func adjust(_ design: MachineDesign, progress: Progress) async throws(HostError)
  /// Grows the disk under the machine that has it; nothing is done where none runs.
  func growDisk(_ name: String, of scope: Scope, to size: ByteCount) async throws(HostError)
  /// Lets the guest stand still; one that does so already is left alone. Throws `missing` where it does not run.
  func pause(_ name: String, of scope: Scope) async throws(HostError)
  /// Lets a guest that stands still go on; one that runs is left alone. Throws `missing` where it does not run.
  func resume(_ name: String, of scope: Scope) async throws(HostError)
  /// Deletes what a machine that is gone left behind, its logs; one that runs is left alone.
  func removeTraces(_ name: String, of scope: Scope) async throws(HostError)
  /// The accelerator that can be trusted for this architecture on this machine, and why when it is TCG.
  func accelerator(arch: String) async -> (Accelerator, reason: String?)
}
