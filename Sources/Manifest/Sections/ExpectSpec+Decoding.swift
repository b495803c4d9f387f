import Diagnostics
import YAML

extension ExpectSpec {
  private static let keys = Section.Keys(
    schema, meant: ["ports": "port", "proto": "the protocol with the port: 53/udp", "expect": "verdict"])

  /// nil where its sides or the verdict cannot be read, which is reported.
  init?(_ node: YAMLNode, _ faults: inout Diagnostics) {
    guard let section = Section(node, at: node.location, Self.keys, &faults) else { return nil }
    let from = section.required("from", Endpoint.form, &faults)
    let to = section.required("to", Endpoint.form, &faults)
    port = section.value("port", .ports, &faults)
    let verdict = section.required("verdict", Form<Verdict>.word, &faults)
    guard let from, let to, let verdict else { return nil }
    self.from = from
    self.to = to
    self.verdict = verdict.value
    location = node.location
  }
}
