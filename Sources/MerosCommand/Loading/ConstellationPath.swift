import Diagnostics
import Manifest
import SystemPackage

/// Where a constellation named on the command line lies.
struct ConstellationPath: Equatable, Sendable {
  /// Absolute.
  let directory: FilePath
  /// `constellation.yml` or `manifest.yml` in it, or the file that was named.
  let manifest: FilePath

  /// `constellation.lock` beside it. A manifest of another name has a lock file of that name: several may share a
  /// directory.
  var lockFile: FilePath {
    let isUsual = manifest.lastComponent.map { Self.manifestNames.contains($0.string) } ?? true
    return directory.appending("\(isUsual ? "constellation" : manifest.stem ?? "constellation").lock")
  }

  /// The names that a manifest may have, the first that exists.
  static let manifestNames = ["constellation.yml", "constellation.yaml", "manifest.yml", "manifest.yaml"]
  /// The folders that a bare name is looked up in.
  static let shelves = ["constellations", "examples"]

  /// A directory, a file, or a bare name that stands in one of the shelves of `folder`. Throws what was tried.
  static func find(_ argument: String, in folder: FilePath) throws(Diagnostics) -> ConstellationPath {
    let given = folder.pushing(FilePath(argument))
    if let found = look(at: given) { return found }
    let isBare = !argument.contains("/")
    if isBare {
      for shelf in shelves {
        if let found = look(at: folder.appending(shelf).appending(argument)) { return found }
      }
    }
    let tried = ([argument] + (isBare ? shelves.map { "\($0)/\(argument)" } : [])).joined(separator: ", ")
    let isFolder = FileKind(given) == .folder
    throw Diagnostics(
      Diagnostic(
        .error,
        isFolder ? "\(argument) holds no manifest" : "no constellation \(argument)",
        remedy: isFolder
          ? "a constellation is a directory with a \(manifestNames[0]) in it"
          : "name its directory, its manifest, or the name of one below ./\(shelves.joined(separator: " or ./"));"
            + " tried \(tried)\(offer(argument, in: folder))"))
  }

  private static func look(at path: FilePath) -> ConstellationPath? {
    switch FileKind(path) {
    case .file: return ConstellationPath(directory: path.removingLastComponent(), manifest: path)
    case .folder:
      let manifest = manifestNames.lazy.map { path.appending($0) }.first { FileKind($0) == .file }
      return manifest.map { ConstellationPath(directory: path.lexicallyNormalized(), manifest: $0) }
    case nil: return nil
    }
  }

  /// The constellations that stand in the shelves, sorted.
  private static func known(in folder: FilePath) -> [String] {
    shelves.flatMap { shelf in
      // A file of any kind could be a manifest; only folders are offered.
      FileKind.names(in: folder.appending(shelf)).filter { name in
        let place = folder.appending(shelf).appending(name)
        return FileKind(place) == .folder && look(at: place) != nil
      }
    }.sorted()
  }

  /// The one that was meant by a name that none has; nil where none is near.
  static func nearest(_ name: String, in folder: FilePath) -> String? {
    Nearest.name(to: name, among: known(in: folder))
  }

  /// "; did you mean a?", or "; there is a, b" with all; empty when there are none.
  private static func offer(_ name: String, in folder: FilePath) -> String {
    if let nearest = nearest(name, in: folder) { return "; did you mean \(nearest)?" }
    let known = known(in: folder)
    return known.isEmpty ? "" : "; there is \(known.joined(separator: ", "))"
  }
}
