import Host
import QMP
import SystemPackage

/// What a process of ours carries from its start on, for whoever scans the processes: whose it is, and what it was
/// started as.
struct ProcessMark: Equatable {
  var mark: Mark
  var attributes: [String: String]

  /// The name of the fw_cfg file that holds that of a QEMU.
  private static let machineFile = "opt/org.meros/machine"

  /// What the argument that holds that of a QEMU begins with: a file of fw_cfg, or where the machine has none an object that
  /// does nothing by itself.
  private static let beginnings = ["name=\(machineFile),string=", "authz-simple,id=mark,identity="]

  /// The arguments of a QEMU for a machine that has fw_cfg from the beginning, or not.
  func arguments(hasFirmwareFiles: Bool) -> [String] {
    let option = hasFirmwareFiles ? "-fw_cfg" : "-object"
    return [option, Self.beginnings[hasFirmwareFiles ? 0 : 1] + MachineDesign.escaped(text)]
  }

  /// Reads what a QEMU carries among its arguments; nil where it is none of ours.
  init?(of arguments: [String]) {
    for beginning in Self.beginnings {
      guard let argument = arguments.first(where: { $0.hasPrefix(beginning) }) else { continue }
      self.init(MachineDesign.unescaped(argument.dropFirst(beginning.count)))
      return
    }
    return nil
  }

  init(_ mark: Mark, _ attributes: [String: String]) {
    self.mark = mark
    self.attributes = attributes
  }

  init(_ design: MachineDesign) {
    self.init(Mark(scope: design.scope, address: "vm.\(design.name)"), design.attributes)
  }

  init(_ design: NameserverDesign) {
    self.init(Mark(scope: design.scope, address: "dns.\(design.name)"), design.attributes)
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
    self.init(mark, attributes)
  }

  /// The name of the VM or the name server's bridge; nil where the mark names something of another kind, and where the
  /// name is none: folders are called after it, and a process that broke out may write what it likes.
  func name(of kind: String) -> String? {
    guard mark.address.hasPrefix("\(kind).") else { return nil }
    let name = String(mark.address.dropFirst(kind.count + 1))
    return FilePath.Component(name)?.kind == .regular ? name : nil
  }
}
