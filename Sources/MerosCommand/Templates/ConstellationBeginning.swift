import Diagnostics
import Host
import LinuxHost
import Manifest
import SystemPackage

/// A constellation that is about to be written for the first time.
struct ConstellationBeginning {
  let template: Template
  let folder: FilePath

  init(_ template: Template, in folder: FilePath) {
    self.template = template
    self.folder = folder.lexicallyNormalized()
  }

  private var name: String { folder.lastComponent?.string ?? "" }
  private var manifest: [UInt8] { Array(template.manifest(TemplateNetwork(for: name)).utf8) }

  /// Throws when something is there already, or the name is none for a constellation.
  func check() throws(Diagnostics) {
    if folder.exists {
      throw Diagnostics(
        Diagnostic(.error, "\(folder) is there already", remedy: "choose another name; nothing was written"))
    }
    do {
      _ = try Manifest.load(manifest, file: "\(folder)", directoryName: name)
    } catch {
      // The manifest is ours: only the name can be wrong, and it stands in no file yet.
      throw Diagnostics(
        Diagnostic(
          .error, "\(name.isEmpty ? "\(folder)" : name) is no name for a constellation",
          remedy: "begin with a lower-case letter, then letters, digits and hyphens, at most 31: meros new lab"))
    }
  }

  /// The folder is readable by everybody as a person's own folders are.
  func write() throws(HostError) {
    try folder.makeFolders(mode: 0o755)
    let permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
    try folder.appending(ConstellationPath.manifestNames[0]).replaceContents(manifest, permissions: permissions)
    try folder.appending("constellation.schema.json").replaceContents(
      Array(SchemaView(Manifest.schema).text.utf8), permissions: permissions)
  }
}
