/// What starts a machine that boots by the loader on its disk.
package enum Firmware: String, Hashable, Sendable, CaseIterable {
  /// QEMU's own.
  case bios
  case efi
}
