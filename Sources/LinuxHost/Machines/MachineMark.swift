import Host
import QMP

/// What a QEMU of ours carries on its command line, for whoever scans the processes: whose it is, and what it was
/// started as.
struct MachineMark: Equatable {
  var mark: Mark
  var attributes: [String: String]

  /// The name of the fw_cfg file that holds it.
  static let file = "opt/org.meros/machine"

  init(_ design: MachineDesign) {
    mark = Mark(scope: design.scope, address: "vm.\(design.name)")
    attributes = design.attributes
  }

  /// `{"attributes":{…},"mark":"…"}` on one line.
  var text: String {
    let object: JSON = ["attributes": .object(attributes.mapValues(JSON.string)), "mark": .string("\(mark)")]
    return "\(object)"
  }

  /// Reads what `text` writes; nil for anything else.
  init?(_ text: String) {
    guard let object = JSON(parsing: text), let mark = object["mark"]?.string.flatMap({ Mark($0) }),
      let attributes = object["attributes"]?.strings
    else { return nil }
    self.mark = mark
    self.attributes = attributes
  }

  /// The name of the VM; nil where the mark names something else.
  var name: String? {
    mark.address.hasPrefix("vm.") ? String(mark.address.dropFirst("vm.".count)) : nil
  }
}
