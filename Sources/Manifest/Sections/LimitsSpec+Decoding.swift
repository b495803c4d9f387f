import Diagnostics
import YAML

extension LimitsSpec {
  private static let keys = Section.Keys(
    schema, meant: ["cpus": "cpu"])

  init?(_ entry: YAMLMapping.Entry, _ faults: inout Diagnostics) {
    guard let section = Section(entry.value, at: entry.keyLocation, Self.keys, &faults) else { return nil }
    cpuPercent = section.value("cpu", .percent, &faults)
    memory = section.value("memory", .memory, &faults)
    io = section.value("io", .rate, &faults)
    location = entry.keyLocation
  }
}
