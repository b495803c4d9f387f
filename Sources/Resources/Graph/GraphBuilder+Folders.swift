import Diagnostics
import Host
import Manifest

extension GraphBuilder {
  /// What lies beside the manifest is taken as it seems to be meant.
  mutating func checkFolders() {
    for stray in inputs.strays { diagnostics.append(diagnostic(stray)) }
    for (path, tree) in inputs.trees.sorted(by: { $0.key < $1.key }) {
      checkCleared(tree, path)
      checkModes(path)
    }
  }

  /// All of the tree is in the image in the end.
  private mutating func checkCleared(_ tree: [String: String], _ path: String) {
    let folder = path.prefix { $0 != "/" }
    let isPatched = !manifest.virtualMachines.contains { machine in
      machine.root.isBuilt && (folder == "common" || machine.name.value == folder)
    }
    var cleared: [ClearedFile: [String]] = [:]
    for file in tree.keys where !file.hasSuffix("/") {
      guard let outcome = ClearedFile(file, isPatched: isPatched) else { continue }
      // What only makes git keep its folder is empty anyway.
      if outcome == .emptied, file.hasSuffix("/.gitkeep") { continue }
      cleared[outcome, default: []].append(file)
    }
    for outcome in ClearedFile.allCases {
      guard let files = cleared[outcome] else { continue }
      let what = Self.listed(files.map { "\(beside(path))/\($0)" })
      let atBoot = "have it written when the machine boots, by a line in etc/tmpfiles.d or by a unit"
      let (fault, remedy) =
        switch outcome {
        case .deleted: ("not in the image: its build clears up there at the end", atBoot)
        case .emptied: ("empty in the image: its build empties logs at the end", atBoot)
        case .identity: ("not in the image: each machine has its own", "leave it out, or write it in a unit at boot")
        }
      diagnostics.append(Diagnostic(.warning, "\(what) \(files.count == 1 ? "is" : "are") \(fault)", remedy: remedy))
    }
  }

  /// No file of the tree is for more people to read in the guest than here.
  private mutating func checkModes(_ path: String) {
    guard let files = inputs.withheld[path], let first = files.min() else { return }
    let folder = beside(String(path.prefix { $0 != "/" }))
    diagnostics.append(
      Diagnostic(
        .warning,
        "\(Self.listed(files.map { "\(beside(path))/\($0)" })) will be for everybody in the guest to read: of a file in a"
          + " git work tree meros takes only whether it is executable",
        remedy:
          "set its mode in a hook, chmod 600 /\(first) in \(folder)/hooks/0900-modes.chroot; where all may read it,"
          + " say so here, with chmod a+r"))
  }

  /// "a", or "a and 2 more".
  private static func listed(_ names: [String]) -> String {
    "\(names.min() ?? "")\(names.count > 1 ? " and \(names.count - 1) more" : "")"
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
