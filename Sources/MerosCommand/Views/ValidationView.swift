package import Diagnostics
import QMP

/// Whether constellations are free of mistakes.
package struct ValidationView {
  private let diagnostics: Diagnostics
  private let names: [String]

  /// - Parameter names: as they were written on the command line.
  package init(_ diagnostics: Diagnostics, of names: [String]) {
    self.diagnostics = diagnostics
    self.names = names
  }

  private var warningCount: Int { diagnostics.all.count { $0.severity == .warning } }

  /// The last line; the diagnostics themselves are shown above it.
  package func text(_ paint: Paint) -> String {
    let space = diagnostics.isEmpty ? "" : "\n"
    if diagnostics.hasErrors { return "\(space)\(counts)\n" }
    let what = names.count == 1 ? "The constellation is valid" : "The constellations are valid"
    return "\(space)\(paint("Success!", .good)) \(what)\(warningCount > 0 ? ", with \(counts)" : "").\n"
  }

  private var counts: String {
    var parts: [String] = []
    if diagnostics.errorCount > 0 { parts.append(counted(diagnostics.errorCount, "error")) }
    if warningCount > 0 { parts.append(counted(warningCount, "warning")) }
    return enumerated(parts)
  }

  /// As OpenTofu's `validate -json`: `valid`, the counts, `diagnostics`.
  package var json: String {
    let value: JSON = [
      "format_version": .string(PlanJSON.formatVersion), "valid": .bool(!diagnostics.hasErrors),
      "error_count": .integer(Int64(diagnostics.errorCount)), "warning_count": .integer(Int64(warningCount)),
      "diagnostics": DiagnosticsView(diagnostics).value,
    ]
    return "\(value)\n"
  }
}
