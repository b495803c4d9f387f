package import Host
import QMP

/// What is in an image, as an SPDX 2.3 document. The same image gives the same document.
package struct SPDXView {
  private let entry: StoreEntry
  private let packages: [InstalledPackage]
  /// In seconds since 1970.
  private let builtAt: Int64

  /// - Parameter builtAt: when the image was built, in seconds since 1970.
  package init(_ entry: StoreEntry, _ packages: [InstalledPackage], builtAt: Int64) {
    self.entry = entry
    self.packages = packages
    self.builtAt = builtAt
  }

  package var text: String { "\(value)\n" }

  private var value: JSON {
    let image = "SPDXRef-Image"
    let parts = packages.enumerated().map { index, package in ("SPDXRef-Package-\(index + 1)", package) }
    var relationships = [relationship("SPDXRef-DOCUMENT", "DESCRIBES", image)]
    relationships += parts.map { relationship(image, "CONTAINS", $0.0) }
    return [
      "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": .string(entry.name),
      "documentNamespace": .string("urn:uuid:\(uuid)"),
      "creationInfo": [
        "created": .string(timestamp(ofSecond: builtAt)), "creators": .array([.string("Tool: meros-\(merosVersion)")]),
      ],
      "packages": .array([described(image)] + parts.map { described($0.0, $0.1) }),
      "relationships": .array(relationships),
    ]
  }

  private func described(_ id: String) -> JSON {
    let checksum: JSON = ["algorithm": "SHA256", "checksumValue": .string(entry.digest)]
    return .object(
      common(id, entry.name).merging([
        "versionInfo": .string(entry.fingerprint.short), "checksums": .array([checksum]),
        "primaryPackagePurpose": "OPERATING-SYSTEM",
      ]) { first, _ in first })
  }

  private func described(_ id: String, _ package: InstalledPackage) -> JSON {
    let reference: JSON = [
      "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": .string(locator(package)),
    ]
    var members = common(id, package.name)
    members["versionInfo"] = .string(package.version)
    members["sourceInfo"] = .string("made from \(package.source)")
    members["externalRefs"] = .array([reference])
    // Not every package writes a licence as SPDX has it.
    if let license = package.license { members["licenseComments"] = .string("the package says: \(license)") }
    return .object(members)
  }

  private func common(_ id: String, _ name: String) -> [String: JSON] {
    [
      "SPDXID": .string(id), "name": .string(name), "downloadLocation": "NOASSERTION", "filesAnalyzed": .bool(false),
      "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION",
      "supplier": "NOASSERTION",
    ]
  }

  private func relationship(_ one: String, _ type: String, _ other: String) -> JSON {
    ["spdxElementId": .string(one), "relationshipType": .string(type), "relatedSpdxElement": .string(other)]
  }

  /// "pkg:deb/debian/libc6@2.36-9?arch=amd64"
  private func locator(_ package: InstalledPackage) -> String {
    let usual = package.kind == .deb ? "debian" : "alpine"
    let vendor = entry.inputs["distribution"] ?? usual
    return "pkg:\(package.kind.rawValue)/\(escaped(vendor))/\(escaped(package.name))@\(escaped(package.version))"
      + "?arch=\(escaped(package.architecture))"
  }

  /// Percent-encoded, but for what package URLs keep.
  private func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII,
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || ".-_~:".unicodeScalars.contains(scalar)
      {
        return String(Character(scalar))
      }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }

  /// Version 8, of the digest.
  private var uuid: String {
    let digits = Array(entry.digest.utf8.prefix(32)).map { String(Character(Unicode.Scalar($0))) }
    guard digits.count == 32 else { return entry.fingerprint.short }
    func part(_ range: Range<Int>) -> String { digits[range].joined() }
    return "\(part(0..<8))-\(part(8..<12))-8\(part(13..<16))-8\(part(17..<20))-\(part(20..<32))"
  }
}
