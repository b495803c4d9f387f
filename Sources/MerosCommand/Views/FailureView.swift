import Diagnostics
import Host
import LinuxHost
import Netlink
import QMP
import SystemPackage

/// Why a command did nothing, for people and for programs.
struct FailureView {
  private let failure: CommandFailure

  init(_ failure: CommandFailure) { self.failure = failure }

  func text(_ paint: Paint) -> String {
    switch failure {
    case .diagnostics(let diagnostics): DiagnosticsView(diagnostics).text(paint)
    case .host(let error), .lock(.host(let error)): HostErrorView(error).text(paint)
    case .networkNamespace(let name, let error):
      lines(
        "cannot enter network namespace \(name): \(words(error))",
        "ip netns list shows those that there are; ip netns add \(ShellCommand([name]).text) makes it", paint)
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
    case .snapshot(let failure, let constellation): SnapshotFailureView(failure, of: constellation).text(paint)
    }
  }

  /// One object: `format_version`, `diagnostics`.
  var value: JSON {
    ["format_version": .string(PlanJSON.formatVersion), "diagnostics": DiagnosticsView(diagnostics).value]
  }

  /// The same as what is found in manifests.
  var diagnostics: Diagnostics {
    if case .diagnostics(let diagnostics) = failure { return diagnostics }
    let lines = text(Paint(isOn: false)).split(separator: "\n")
    let detail = lines.dropFirst().joined(separator: "\n")
    return Diagnostics(
      Diagnostic(.error, String((lines.first ?? "").dropFirst("error: ".count)), remedy: detail))
  }

  private func words(_ error: NamespaceError) -> String {
    switch error {
    case .missing: "there is none of this name"
    case .invalidName: "no namespace can have this name"
    case .notNamespace(let path): "no network namespace is mounted on \(path)"
    case .system(let errno, let call): "\(call): \(Errno(rawValue: errno).description)"
    }
  }

  private func lines(_ summary: String, _ remedy: String, _ paint: Paint) -> String {
    "\(paint("error", .bad)): \(summary)\n  \(paint("do", .bold)): \(remedy)\n"
  }
}
