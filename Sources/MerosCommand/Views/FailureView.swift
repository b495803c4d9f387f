import Diagnostics
import Host
import LinuxHost
import QMP

/// Why a command did nothing, for people and for programs.
struct FailureView {
  private let failure: CommandFailure

  init(_ failure: CommandFailure) { self.failure = failure }

  func text(_ paint: Paint) -> String {
    switch failure {
    case .diagnostics(let diagnostics): DiagnosticsView(diagnostics).text(paint)
    case .host(let error), .lock(.host(let error)): HostErrorView(error).text(paint)
    case .lock(.held(let constellation, let pid)):
      lines(
        "another meros is at work on \(constellation)\(pid.map { ": process \($0)" } ?? "")",
        "wait for it, for example with --lock-timeout 60", paint)
    case .privileges(let missing, let verb):
      lines(
        "\(verb) needs \(enumerated(missing.map(\.name))), which this user lacks",
        "run it as root, with sudo; meros plan --offline shows a plan without any privilege", paint)
    case .unreadablePlan(let file, let error): SavedPlanView(file).unreadable(error, paint)
    case .stalePlan(let file, let movements): SavedPlanView(file).stale(movements, paint)
    }
  }

  /// One object: `format_version`, `diagnostics`.
  var value: JSON {
    let list: JSON =
      if case .diagnostics(let diagnostics) = failure {
        DiagnosticsView(diagnostics).value
      } else {
        .array([["severity": "error", "summary": .string(summary), "detail": .string(detail)]])
      }
    return ["format_version": .string(PlanJSON.formatVersion), "diagnostics": list]
  }

  /// The first line without its severity.
  private var summary: String {
    let first = text(Paint(isOn: false)).split(separator: "\n").first ?? ""
    return String(first.dropFirst("error: ".count))
  }

  private var detail: String {
    text(Paint(isOn: false)).split(separator: "\n").dropFirst().joined(separator: "\n")
  }

  private func lines(_ summary: String, _ remedy: String, _ paint: Paint) -> String {
    "\(paint("error", .bad)): \(summary)\n  \(paint("do", .bold)): \(remedy)\n"
  }
}
