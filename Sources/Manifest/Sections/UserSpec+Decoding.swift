import Diagnostics
import YAML

extension UserSpec {
  private static let keys = Section.Keys(
    schema, meant: ["ssh_keys": "keys", "key": "keys: [ … ]"])

  /// nil where it has no name, which is reported.
  init?(_ entry: YAMLMapping.Entry, _ faults: inout Diagnostics) {
    guard let section = Section(entry.value, at: entry.keyLocation, Self.keys, &faults) else { return nil }
    // As useradd(8) has it.
    let form = Form.read("a login of at most 32 of a-z, 0-9, _ and -", like: "debian") { text -> String? in
      guard let first = text.utf8.first, text.utf8.count <= 32 else { return nil }
      let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == 0x5f }
      let fits = text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
      return fits && isLetter(first) ? text : nil
    }
    let name = section.required("name", form, &faults)
    keys = section.list("keys", .publicKey, &faults)
    guard let name else { return nil }
    if name.value == "root" {
      faults.error("root has a login anyway", at: name.location, remedy: "leave user out, or choose another name")
    }
    self.name = name
  }
}
