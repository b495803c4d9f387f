import Diagnostics
import Host
import Manifest

extension GraphBuilder {
  /// What lies beside the manifest is taken as it seems to be meant.
  mutating func checkFolders() {
    for stray in inputs.strays { diagnostics.append(diagnostic(stray)) }
  }

  private func diagnostic(_ stray: Stray) -> Diagnostic {
    switch stray {
    case .noHook(let path):
      Diagnostic(
        .warning, "\(beside(path)) is not run: names of hooks end in .chroot",
        remedy: "name it \(Self.hookName(path)), or move it out of the folder")
    case .folderOfHooks(let path):
      Diagnostic(
        .warning, "nothing in the folder \(beside(path)) is run",
        remedy: "move its hooks up into \(beside(String(path.prefix { $0 != "/" })))/hooks, or move it elsewhere")
    case .nobodys(let name, let part): nobodys(name, holding: part)
    case .misspelt(let path, let meant):
      Diagnostic(
        .warning, "\(beside(path)) goes into no image", remedy: "did you mean \(meant)? or else move it elsewhere")
    case .noFolder(let path):
      Diagnostic(
        .error, "\(beside(path)) is no folder",
        remedy: "make it one, mend the link where it is one, or move it elsewhere")
    }
  }

  private func nobodys(_ name: String, holding part: String) -> Diagnostic {
    let names = manifest.virtualMachines.map(\.name.value)
    let what = "\(beside(name))/\(part) goes into no image"
    if names.contains(name) {
      return Diagnostic(
        .warning, "\(what): \(name) boots what is on a disk of its own", remedy: "move the folder elsewhere")
    }
    let rest = "common is for all VMs, each other folder for the VM of its name"
    let nearest = Nearest.name(to: name, among: ["common"] + names)
    return Diagnostic(
      .warning, "\(what): no virtual machine is called \(name)",
      remedy: nearest.map { "did you mean \($0)? \(rest)" } ?? "rename the folder or move it elsewhere: \(rest)")
  }

  /// "0100-a.chroot" for "web/hooks/0100-a.sh" and "web/hooks/0100-a.chroot.sh".
  private static func hookName(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let stem = parts.prefix { $0 != "chroot" && !["sh", "bash", "py", "pl", "hook"].contains($0) }
    return "\(stem.joined(separator: ".")).chroot"
  }
}
