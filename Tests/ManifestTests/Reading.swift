import Diagnostics
import Manifest
import Testing

/// The manifest of a text that has no errors.
func read(_ text: String, directoryName: String = "lab") throws(Diagnostics) -> Manifest {
  try Manifest.load(Array(text.utf8), file: "f.yml", directoryName: directoryName).manifest
}

/// What there is to say about a text: "line:column severity: summary (what to do)" each.
func findings(_ text: String, directoryName: String = "lab") -> [String] {
  let found: Diagnostics
  do throws(Diagnostics) {
    found = try Manifest.load(Array(text.utf8), file: "f.yml", directoryName: directoryName).warnings
  } catch {
    found = error
  }
  return found.all.map { diagnostic in
    let place = diagnostic.location.map { "\($0.line):\($0.column)" } ?? "-"
    return "\(place) \(diagnostic.severity): \(diagnostic.summary) (\(diagnostic.remedy ?? "-"))"
  }
}

/// Lines of one VM `web` on the bridge `lan`, 10.0.0.1/24, with more keys of the VM.
func lab(_ keys: String = "", bridge: String = "", network: String = "ip_addr: 10.0.0.21") -> String {
  """
  bridges:
    lan: {subnet: 10.0.0.1/24\(bridge.isEmpty ? "" : ", ")\(bridge)}
  virtual_machines:
    web:
      networks: [{bridge: lan, \(network)}]
      \(keys)
  """
}
