import ArgumentParser
import Diagnostics
import LinuxHost
import Manifest
import Reconcile
import SystemPackage

extension CompletionKind {
  /// The constellations that can be named here: folders with a manifest, and what stands in the shelves.
  static var constellations: CompletionKind {
    .custom { _, _, beginning in Completions.constellations(beginning, in: Completions.folder) }
  }

  /// The resources of the constellation that stands on the line already.
  static var addresses: CompletionKind {
    .custom { words, _, beginning in await Completions.addresses(words, beginning, in: Completions.folder) }
  }

  /// The VMs of the constellation that stands on the line already.
  static var machines: CompletionKind {
    .custom { words, _, beginning in Completions.machines(words, beginning, in: Completions.folder) }
  }
}

/// What a shell offers while a command is being typed. What cannot be read offers nothing.
enum Completions {
  /// Where the shell is, absolute.
  static var folder: FilePath { (try? FilePath(".").absolute()) ?? "/" }

  static func constellations(_ beginning: String, in folder: FilePath) -> [String] {
    let typed = beginning.lastIndex(of: "/").map { String(beginning[...$0]) } ?? ""
    let here = FileKind.names(in: folder.pushing(FilePath(typed.isEmpty ? "." : typed))).map { typed + $0 }
    let shelved = ConstellationPath.shelves.flatMap { FileKind.names(in: folder.appending($0)) }
    let known = Set(here + shelved).filter { !$0.hasPrefix(".") && isConstellation($0, in: folder) }
    return known.filter { $0.hasPrefix(beginning) }.sorted()
  }

  private static func isConstellation(_ name: String, in folder: FilePath) -> Bool {
    // A file of any kind could be a manifest; only folders and names are offered.
    (try? ConstellationPath.find(name, in: folder)).map { FilePath(name).lastComponent != $0.manifest.lastComponent }
      ?? false
  }

  /// - Parameter words: the line as far as it is typed: `meros connect lab we`.
  static func machines(_ words: [String], _ beginning: String, in folder: FilePath) -> [String] {
    let constellation = words.dropFirst().lazy.compactMap { try? Constellation.load($0, in: folder) }.first
    return (constellation?.manifest.virtualMachines.map(\.name.value) ?? []).filter { $0.hasPrefix(beginning) }
  }

  static func addresses(_ words: [String], _ beginning: String, in folder: FilePath) async -> [String] {
    guard let name = words.dropFirst().first(where: { (try? Constellation.load($0, in: folder)) != nil }),
      let site = try? Site.openWithoutPrivileges(FilePath(CommonOptions.variable("MEROS_DATA") ?? "data"))
    else { return [] }
    let loader = Loader(folder: folder, data: site.data.identity, host: site.host)
    let addresses = (try? await loader.goals([name]).0.first)?.graph.resources.keys.map(\.description) ?? []
    return addresses.filter { $0.hasPrefix(beginning) }.sorted()
  }
}
