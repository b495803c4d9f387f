import Diagnostics
import Manifest
import SystemPackage

/// A constellation as it lies on disk: found, read, and free of errors.
struct Constellation: Sendable {
  let path: ConstellationPath
  /// The manifest as it was written.
  let bytes: [UInt8]
  let manifest: Manifest
  /// What is worth a word although it is no error.
  let warnings: Diagnostics

  var name: String { manifest.name.value }

  /// - Parameters:
  ///   - argument: what the person wrote: a directory, a file or a bare name.
  ///   - folder: where relative names begin, absolute.
  static func load(_ argument: String, in folder: FilePath) throws(Diagnostics) -> Constellation {
    let path = try ConstellationPath.find(argument, in: folder)
    let file = path.manifest.relative(to: folder)
    let bytes: [UInt8]
    do {
      bytes = try read(path.manifest)
    } catch {
      throw Diagnostics(Diagnostic(.error, "cannot read \(file): \(error)", remedy: "make it readable"))
    }
    let name = path.directory.lastComponent?.string ?? ""
    let (manifest, warnings) = try Manifest.load(bytes, file: file, directoryName: name)
    var faults = manifest.notYetBuilt()
    faults.append(contentsOf: warnings)
    try faults.throwIfErrors()
    return Constellation(path: path, bytes: bytes, manifest: manifest, warnings: warnings)
  }

  /// More than this is no manifest; the parser refuses what is longer.
  private static let limit = 32 << 20

  private static func read(_ path: FilePath) throws(Errno) -> [UInt8] {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
      return try file.closeAfter {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
          let count = try unsafe chunk.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
          if count == 0 { break }
          bytes.append(contentsOf: chunk.prefix(count))
        }
        return bytes
      }
    } catch {
      // FileDescriptor throws nothing but Errno (swift-system, FileOperations.swift), untyped.
      throw (error as? Errno) ?? .ioError
    }
  }
}

extension FilePath {
  /// As a person in `folder` would name it: without that beginning.
  func relative(to folder: FilePath) -> String {
    var path = lexicallyNormalized()
    _ = path.removePrefix(folder.lexicallyNormalized())
    return path.string
  }
}
