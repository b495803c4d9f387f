import Host
import HostTesting
import LinuxHost
import SystemPackage

/// The disks of a site, where a new disk that its guest boots holds `ObedientGuest`: a machine that is there in a second.
struct ObedientDisks: Disks {
  let base: any Disks
  let data: DataDirectory

  func disks(of scope: Scope) async throws(HostError) -> [ObservedDisk] { try await base.disks(of: scope) }

  func ensure(_ design: DiskDesign) async throws(HostError) {
    let place = data.disk(design.name, of: design.scope.constellation, design.format)
    let isNew = !place.exists
    try await base.ensure(design)
    guard isNew, design.content == .own else { return }
    let raw = FilePath("\(place).sector")
    try raw.replaceContents(ObedientGuest.sector)
    try await Program(
      "qemu-img", ["convert", "-n", "-f", "raw", "-O", design.format.rawValue, raw.string, place.string]
    )
    .run("write the boot sector of \(design.name)")
    try raw.unlink()
  }

  func setPower(_ power: PowerState, _ name: String, of scope: Scope) async throws(HostError) {
    try await base.setPower(power, name, of: scope)
  }

  func remove(_ name: String, of scope: Scope) async throws(HostError) { try await base.remove(name, of: scope) }
}
