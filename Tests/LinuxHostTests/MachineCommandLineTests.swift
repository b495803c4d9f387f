import Host
import HostTesting
import Network
import SystemPackage
import Testing

@testable import LinuxHost

@Suite struct MachineCommandLineTests {
  private func design(_ change: (inout MachineDesign) throws -> Void = { _ in }) throws -> MachineDesign {
    let data = try #require(DataIdentity("0123456789abcdef"))
    var design = try MachineDesign.sample(Scope(constellation: "lab", data: data))
    design.boot = .kernel(entry: "debian", commandLine: "debug")
    try change(&design)
    return design
  }

  private let given = HandedOver(
    control: 3, observe: 4, events: 13, console: 5, serialLog: 6, identity: 9,
    kernel: HandedOver.Kernel(image: 7, initrd: 8, modules: nil), disks: [[10, 11]], taps: [12], vncFolder: nil)

  /// The values of an option, in order.
  private func values(of option: String, in line: [String]) -> [String] {
    zip(line, line.dropFirst()).filter { $0.0 == option }.map(\.1)
  }

  @Test func everyLayerOfADiskIsANodeOfItsOwn() throws {
    let line = try design().commandLine(given)
    #expect(values(of: "-add-fd", in: line) == ["fd=6,set=6", "fd=11,set=11", "fd=10,set=10"])
    #expect(
      values(of: "-blockdev", in: line) == [
        "driver=file,node-name=disk0-1-file,filename=/dev/fdset/11,read-only=on",
        "driver=qcow2,node-name=disk0-1,file=disk0-1-file,read-only=on",
        "driver=file,node-name=disk0-file,filename=/dev/fdset/10,discard=unmap",
        "driver=qcow2,node-name=disk0,file=disk0-file,discard=unmap,detect-zeroes=unmap,backing=disk0-1",
      ])
  }

  @Test func aRawDiskIsNeverLookedInto() throws {
    var given = given
    given.disks.append([14])
    let line = try design { $0.disks.append(.init(name: "web/data", serial: "data", format: .raw)) }.commandLine(given)
    #expect(
      values(of: "-blockdev", in: line).suffix(2) == [
        "driver=file,node-name=disk1-file,filename=/dev/fdset/14,discard=unmap",
        "driver=raw,node-name=disk1,file=disk1-file,discard=unmap,detect-zeroes=unmap",
      ])
  }

  @Test func theSandboxIsFull() throws {
    let line = try design().commandLine(given)
    #expect(
      values(of: "-sandbox", in: line) == ["on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"])
    #expect(!line.contains("-daemonize") && !line.contains("-runas"))
  }

  @Test func kernelsAreNamedByDescriptorAndWhatWasWrittenComesLast() throws {
    let line = try design().commandLine(given)
    #expect(values(of: "-kernel", in: line) == ["/proc/self/fd/7"])
    #expect(values(of: "-initrd", in: line) == ["/proc/self/fd/8"])
    let words = try #require(values(of: "-append", in: line).first)
    #expect(words.hasPrefix("console=ttyS0 ") && words.hasSuffix(" debug"))
  }

  @Test func aDisplayComesWithACardAndAKeyboard() throws {
    #expect(values(of: "-display", in: try design().commandLine(given)) == ["none"])
    var given = given
    given.vncFolder = 14
    let line = try design { $0.display = .vnc }.commandLine(given)
    #expect(values(of: "-vnc", in: line) == ["unix:/proc/self/fd/14/vnc.sock"] && !line.contains("-display"))
    let devices = values(of: "-device", in: line)
    for word in ["virtio-vga,", "usb-kbd,", "usb-tablet,"] {
      #expect(devices.contains { $0.hasPrefix(word) }, "\(word)")
    }
  }

  @Test func efiBeginsInFlashMemoryOfTheMachinesOwn() throws {
    var given = given
    given.kernel = nil
    given.flash = HandedOver.Flash(code: 7, variables: 8)
    let line = try design { $0.boot = .image }.commandLine(given)
    let nodes = values(of: "-blockdev", in: line)
    #expect(nodes.contains("driver=file,node-name=code-file,filename=/dev/fdset/7,read-only=on"))
    #expect(nodes.contains("driver=raw,node-name=variables,file=variables-file,read-only=off"))
    #expect(values(of: "-machine", in: line).last == "pflash0=code,pflash1=variables")
    #expect(values(of: "-device", in: line).contains { $0.hasPrefix("virtio-blk-pci,") && $0.hasSuffix("bootindex=0") })
    #expect(values(of: "-kernel", in: line).isEmpty)
  }

  @Test func fourPortsAreLeftOverForLiveChanges() throws {
    let devices = values(of: "-device", in: try design().commandLine(given))
    #expect(devices.filter { $0.hasPrefix("pcie-root-port,") }.count == 5)
    #expect(devices.filter { $0.contains("bus=port") }.count == 1)
  }

  @Test func argumentsOfTheManifestComeLastAsTheyAre() throws {
    let line = try design { $0.extraArguments = ["-device", "x,y=1"] }.commandLine(given)
    #expect(line.suffix(2) == ["-device", "x,y=1"])
  }

  @Test(arguments: [("aarch64", "virt", "console=ttyAMA0"), ("riscv64", "virt", "console=ttyS0")])
  func otherArchitecturesHaveTheirMachine(arch: String, machine: String, console: String) throws {
    let line = try design { $0.arch = arch }.commandLine(given)
    #expect(values(of: "-machine", in: line).first?.hasPrefix("\(machine),") == true)
    #expect(values(of: "-append", in: line).first?.hasPrefix(console) == true)
    #expect(!line.contains { $0.contains("maxmem") })
    #expect(try ProcessMark(of: line) == ProcessMark(design { $0.arch = arch }))
  }

  @Test func aMarkReadsAsItWasWritten() throws {
    let design = try design { $0.identity.authorizedKeys = ["a,b,,c \"d\"", "é"] }
    let mark = ProcessMark(design)
    #expect(ProcessMark(mark.text) == mark)
    #expect(mark.name(of: "vm") == "web" && mark.attributes == design.attributes)
    #expect(ProcessMark("{}") == nil && ProcessMark("") == nil)
    for hostile in ["..", ".", "", "../../etc", "a/b"] {
      let address = Mark(scope: mark.mark.scope, address: "vm.\(hostile)")
      #expect(ProcessMark(address, [:]).name(of: "vm") == nil)
    }
  }

  @Test func commasAreDoubled() {
    #expect(MachineDesign.escaped("a,b,,c") == "a,,b,,,,c")
    #expect(MachineDesign.escaped("") == "")
  }
}
