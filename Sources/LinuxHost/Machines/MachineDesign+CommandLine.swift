import Host
import Network

extension MachineDesign {
  /// `-name`: what `query-name` answers.
  var processName: String { "\(scope.constellation)/\(name)" }

  /// QEMU's command line after the program.
  ///
  /// Everything that is opened is named by its descriptor, and nothing in it is secret. Devices have fixed places: those
  /// that may come and go while the machine runs (networks and data disks) sit behind root ports of their own, and
  /// some ports are left over for more.
  func commandLine(_ given: HandedOver) -> [String] {
    var line = ["-name", "guest=\(Self.escaped(processName))", "-uuid", uuid, "-nodefaults", "-no-user-config"]
    line += ["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"]
    line += platform + room
    line += Self.monitor("control", given.control) + Self.monitor("observe", given.observe)
    line += Self.monitor("events", given.events)
    let log = "logfile=/dev/fdset/\(given.serialLog),logappend=on"
    line += Self.fileSet(given.serialLog)
    line += [
      "-chardev", "socket,id=console,fd=\(given.console),server=on,wait=off,\(log)", "-serial", "chardev:console",
    ]
    line += ["-object", "rng-builtin,id=rng", "-device", "virtio-rng-pci,rng=rng,bus=pcie.0,addr=0x3"]
    line += ["-device", "virtio-balloon-pci,free-page-reporting=on,bus=pcie.0,addr=0x4"]
    line += ProcessMark(self).arguments(hasFirmwareFiles: hasFirmwareFiles)
    if let identity = given.identity {
      line += ["-fw_cfg", "name=opt/org.meros/identity,file=/proc/self/fd/\(identity)"]
    }
    line += boot(given.kernel) + Self.flash(given.flash) + screen(given.vncFolder)
    var ports = RootPorts()
    let devices = diskArguments(given, &ports) + networkArguments(given.taps, &ports)
    return line + ports.arguments(spare: 4) + devices + extraArguments
  }

  private func diskArguments(_ given: HandedOver, _ ports: inout RootPorts) -> [String] {
    var line: [String] = []
    for (index, (disk, layers)) in zip(disks, given.disks).enumerated() {
      line += Self.diskNodes("disk\(index)", disk.format, layers)
      let place = index == 0 ? "bus=pcie.0,addr=0x2\(given.kernel == nil ? ",bootindex=0" : "")" : "bus=\(ports.take())"
      let identity = "id=\(LiveDevice.Kind.disk.rawValue)\(index),drive=disk\(index)"
      line += ["-device", "virtio-blk-pci,\(identity),serial=\(Self.escaped(disk.serial)),\(place)"]
    }
    return line
  }

  /// A node for each layer of a disk and one for its file, the deepest first.
  private static func diskNodes(_ name: String, _ format: DiskFormat, _ layers: [Int]) -> [String] {
    var line: [String] = []
    for (depth, descriptor) in layers.enumerated().reversed() {
      let node = depth == 0 ? name : "\(name)-\(depth)"
      let access = depth == 0 ? "discard=unmap" : "read-only=on"
      line += fileSet(descriptor)
      line += ["-blockdev", "driver=file,node-name=\(node)-file,filename=/dev/fdset/\(descriptor),\(access)"]
      let driver = depth == 0 ? format : .qcow2
      var layer = "driver=\(driver.rawValue),node-name=\(node),file=\(node)-file,\(access)"
      if depth == 0 { layer += ",detect-zeroes=unmap" }
      if depth + 1 < layers.count { layer += ",backing=\(name)-\(depth + 1)" }
      line += ["-blockdev", layer]
    }
    return line
  }

  private func networkArguments(_ taps: [Int], _ ports: inout RootPorts) -> [String] {
    var line: [String] = []
    for (index, (network, tap)) in zip(networks, taps).enumerated() {
      line += ["-netdev", "tap,id=net\(index),fd=\(tap)"]
      let device =
        "id=\(LiveDevice.Kind.network.rawValue)\(index),netdev=net\(index),mac=\(network.mac),bus=\(ports.take()),romfile="
      line += ["-device", "\(Self.escaped(network.model)),\(device)"]
    }
    return line
  }

  private static func monitor(_ name: String, _ descriptor: Int) -> [String] {
    ["-chardev", "socket,id=\(name),fd=\(descriptor),server=on,wait=off", "-mon", "chardev=\(name),mode=control"]
  }

  /// Makes the descriptor known as `/dev/fdset/N`.
  static func fileSet(_ descriptor: Int) -> [String] { ["-add-fd", "fd=\(descriptor),set=\(descriptor)"] }

  /// As a value among others with commas between.
  static func escaped(_ value: String) -> String {
    value.split(separator: ",", omittingEmptySubsequences: false).joined(separator: ",,")
  }

  /// Undoes `escaped`.
  static func unescaped(_ value: some StringProtocol) -> String {
    var text = ""
    var isHalf = false
    for character in value {
      if character == ",", isHalf {
        isHalf = false
        continue
      }
      isHalf = character == ","
      text.append(character)
    }
    return text
  }
}
