import Crypto
package import Host

extension Fingerprint {
  /// SHA-256 over names and values in the order of the names, each with its length before it, so that no two different
  /// sets of inputs read the same.
  package init(of inputs: [String: String]) {
    var hash = SHA256()
    for (name, value) in inputs.sorted(by: { $0.key < $1.key }) {
      hash.update(data: Array("\(name.utf8.count):\(name)\(value.utf8.count):\(value)".utf8))
    }
    let digits = Array("0123456789abcdef".utf8)
    let text = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    guard let fingerprint = Fingerprint(String(decoding: text, as: UTF8.self)) else {
      preconditionFailure("32 bytes are 64 digits")
    }
    self = fingerprint
  }
}

extension Recipe {
  /// A recipe named by its label and what it is made of. `hidden` belongs to the fingerprint, and is nothing that a
  /// person would know by a name.
  init(label: String, inputs: [String: String], hidden: [String: String] = [:], source: Source) {
    let fingerprint = Fingerprint(of: inputs.merging(hidden) { first, _ in first })
    self.init(name: "\(label)-\(fingerprint.short)", fingerprint: fingerprint, inputs: inputs, source: source)
  }

  /// What is plain in the file's name; `word` where nothing is.
  static func label(ofFile path: String, else word: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let plain = name.unicodeScalars.filter { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-_.".contains(Character(scalar)))
    }
    let label = String(String.UnicodeScalarView(plain.prefix(40).drop { $0 == "." }))
    return label.isEmpty ? word : label
  }
}

extension PackageSource {
  /// "debian-bookworm", and the architecture where it is not the usual one.
  var label: String { "\(distribution)-\(release)" + (arch == "x86_64" ? "" : "-\(arch)") }

  /// By the keys of the manifest.
  var inputs: [String: String] {
    var all = ["distribution": distribution, "release": release, "arch": arch]
    if let mirror { all["mirror"] = mirror }
    if !components.isEmpty { all["components"] = components.joined(separator: " ") }
    if !sources.isEmpty { all["sources"] = sources.joined(separator: "\n") }
    if let minirootfs { all["minirootfs"] = minirootfs }
    for key in keys { all["key \(key.name)"] = key.digest }
    return all
  }
}
