import Host
import QMP
import SystemPackage

extension InstalledPackage {
  /// The file beside an image that lists them.
  static let file = "packages.json"

  /// Writes the list into the folder.
  static func write(_ packages: [InstalledPackage], in folder: FilePath) throws(HostError) {
    let value: JSON = ["packages": .array(packages.map(\.json))]
    try folder.appending(file).replaceContents(Array("\(value)\n".utf8))
  }

  /// nil where there is no list, or none that can be read.
  static func read(in folder: FilePath) throws(HostError) -> [InstalledPackage]? {
    guard let bytes = try folder.appending(file).contentsIfPresent(),
      case .array(let values)? = JSON(parsing: bytes)?["packages"]
    else { return nil }
    return values.compactMap { InstalledPackage($0) }
  }

  private var json: JSON {
    var members: [String: JSON] = [
      "name": .string(name), "version": .string(version), "architecture": .string(architecture),
      "source": .string(source), "kind": .string(kind.rawValue),
    ]
    if let license { members["license"] = .string(license) }
    return .object(members)
  }

  private init?(_ json: JSON) {
    guard let name = json["name"]?.string, let version = json["version"]?.string,
      let architecture = json["architecture"]?.string, let source = json["source"]?.string,
      let kind = json["kind"]?.string.flatMap(Kind.init)
    else { return nil }
    self.init(
      name: name, version: version, architecture: architecture, source: source, license: json["license"]?.string,
      kind: kind)
  }
}
