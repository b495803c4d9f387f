/// What a QEMU is given as descriptors: by these numbers its command line names them.
struct HandedOver: Equatable, Sendable {
  var control: Int
  var observe: Int
  var events: Int
  var console: Int
  var serialLog: Int
  /// The archive that `MachineDesign.identityArchive` made; nil where the initramfs holds it.
  var identity: Int?
  /// nil unless the machine boots a kernel of the store.
  var kernel: Kernel?
  /// nil unless the machine is started by EFI.
  var flash: Flash?
  /// For each disk of the design its layers: the disk itself first, then what it stands on.
  var disks: [[Int]]
  /// For each network of the design its tap.
  var taps: [Int]
  /// The folder in which QEMU makes the socket `vnc.sock`; nil without such a display.
  var vncFolder: Int?

  struct Kernel: Equatable, Sendable {
    var image: Int
    var initrd: Int
    /// A raw disk; nil for a kernel without modules.
    var modules: Int?
  }

  struct Flash: Equatable, Sendable {
    var code: Int
    /// The machine's own.
    var variables: Int
  }
}
