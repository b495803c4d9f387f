import Diagnostics
import YAML

extension ReadinessSpec {
  private static let keys = Section.Keys(schema)

  private enum Word: String, CaseIterable {
    case ssh, none
  }

  /// What nobody wrote.
  /// - Parameter isReachable: the guest is ours and has an address.
  init(isReachable: Bool, at location: SourceLocation) {
    self.location = location
    probe = isReachable ? .ssh : .none
    timeout = nil
  }

  /// - Parameter usual: what nobody wrote.
  init(_ entry: YAMLMapping.Entry, else usual: ReadinessSpec, _ faults: inout Diagnostics) {
    self = usual
    location = entry.keyLocation
    guard entry.value.mapping != nil else {
      let word = Form<Word>.word
      let form = Form(noun: "ssh, none, {console: TEXT} or {tcp: PORT}", example: "ssh", parse: word.parse)
      if let word = form.read(entry.value, of: entry.key, &faults) { probe = word.value == .ssh ? .ssh : .none }
      return
    }
    guard let section = Section(entry.value, at: entry.keyLocation, Self.keys, &faults) else { return }
    timeout = section.value("timeout", .duration, &faults)
    let written = ["ssh", "console", "tcp"].filter { section[$0] != nil }
    if written.count > 1 {
      faults.error(
        "ready waits for one thing, not for \(written.joined(separator: " and "))",
        at: section.location(of: written[1]),
        remedy: "leave out all but one")
    }
    if let ssh = section.value("ssh", .boolean, &faults) { probe = ssh.value ? .ssh : .none }
    if let text = section.value("console", .line("a text", like: "login:"), &faults) { probe = .console(text) }
    if let port = section.value("tcp", .port, &faults) { probe = .tcp(port) }
    if written.isEmpty, timeout != nil { probe = .ssh }
  }
}
