import Diagnostics
import Host
import Manifest

extension Inputs {
  /// Reads files and hooks of all VMs whose root disk is made, and notes what is not taken.
  mutating func readFolders(of manifest: Manifest, on host: Host) async throws(HostError) {
    let folders = Self.folders(of: manifest)
    guard !folders.isEmpty, let names = try await host.inputs.names(in: directory) else { return }
    let present = Set(names)
    for folder in folders where present.contains(folder) { try await read(folder, on: host) }
    let known = Set(folders)
    // Beside other manifests lie folders of theirs.
    let isShared = names.count { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") } > 1
    for name in names where !known.contains(name) && !name.hasPrefix(".") {
      if isShared, Nearest.name(to: name, among: folders) == nil { continue }
      try await lookAtStranger(name, on: host)
    }
  }

  /// "common", and the folders of VMs.
  private static func folders(of manifest: Manifest) -> [String] {
    let built = manifest.virtualMachines.filter {
      if case .own = $0.root { false } else { true }
    }
    return built.isEmpty ? [] : ["common"] + built.map(\.name.value)
  }

  private mutating func read(_ folder: String, on host: Host) async throws(HostError) {
    guard try await isFolder(folder, on: host) else { return }
    let names = try await host.inputs.names(in: resolve(folder)) ?? []
    for name in names {
      let path = "\(folder)/\(name)"
      if Self.meaningful.contains(name) {
        guard try await isFolder(path, on: host) else { continue }
        if name == "hooks" { try await readHooks(path, on: host) } else { try await readTree(path, on: host) }
      } else if let meant = Self.meaning(of: name) {
        strays.append(.misspelt(path, meant: meant))
      }
    }
  }

  private mutating func readTree(_ path: String, on host: Host) async throws(HostError) {
    guard let tree = try await host.inputs.tree(resolve(path)) else { return }
    trees[path] = tree.entries
    if !tree.withheld.isEmpty { withheld[path] = tree.withheld }
  }

  private mutating func readHooks(_ folder: String, on host: Host) async throws(HostError) {
    for name in try await host.inputs.names(in: resolve(folder)) ?? [] {
      let path = "\(folder)/\(name)"
      if name.hasSuffix(".chroot") {
        if let digest = try await host.inputs.file(resolve(path)) { hooks[path] = digest }
      } else if !Self.isAside(name) {
        let isFolder = try await host.inputs.kind(of: resolve(path)) == .folder
        strays.append(isFolder ? .folderOfHooks(path) : .noHook(path))
      }
    }
  }

  private mutating func lookAtStranger(_ name: String, on host: Host) async throws(HostError) {
    guard try await host.inputs.kind(of: resolve(name)) == .folder else { return }
    for part in Self.meaningful {
      guard try await host.inputs.kind(of: resolve("\(name)/\(part)")) == .folder else { continue }
      strays.append(.nobodys(name, holding: part))
      return
    }
  }

  /// What is there and no folder is noted.
  private mutating func isFolder(_ path: String, on host: Host) async throws(HostError) -> Bool {
    let kind = try await host.inputs.kind(of: resolve(path))
    if kind != nil && kind != .folder { strays.append(.noFolder(path)) }
    return kind == .folder
  }

  /// What in a folder of a VM means something.
  private static let meaningful = includesFolders + ["hooks"]

  /// The name that was meant by one that means nothing; nil where none is near.
  private static func meaning(of name: String) -> String? {
    if isAside(name) { return nil }
    let meant = Nearest.name(to: name, among: [includesFolders[0], "includes", "hooks"])
    return meant == "includes" ? includesFolders[0] : meant
  }

  /// Notes of people, what editors leave, and what is hidden.
  private static func isAside(_ name: String) -> Bool {
    name.hasPrefix(".") || name.hasPrefix("README") || name.hasSuffix(".md") || name.hasSuffix("~")
  }
}
