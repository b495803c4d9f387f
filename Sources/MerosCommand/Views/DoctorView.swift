import QMP

/// How fit a host is, for people and for programs.
struct DoctorView {
  private let checkup: Checkup

  init(_ checkup: Checkup) { self.checkup = checkup }

  /// What is wrong, then what is worth knowing, then the rest; one line each, its remedy below.
  func text(_ paint: Paint) -> String {
    let width = checkup.findings.map(\.subject.count).max() ?? 0
    let lines = [Checkup.Finding.Condition.unfit, .notable, .fit].flatMap { condition in
      checkup.findings.filter { $0.condition == condition }.map { line($0, width, paint) }
    }
    return lines.joined() + "\n\(conclusion(paint))\n"
  }

  private func line(_ finding: Checkup.Finding, _ width: Int, _ paint: Paint) -> String {
    let mark =
      switch finding.condition {
      case .fit: paint("+", .good)
      case .notable: paint("!", .careful)
      case .unfit: paint("-", .bad)
      }
    let space = String(repeating: " ", count: width - finding.subject.count + 2)
    let remedy = finding.remedy.map { "    \(paint("do", .bold)): \($0)\n" } ?? ""
    return "\(mark) \(finding.subject)\(space)\(finding.detail.printable)\n\(remedy)"
  }

  private func conclusion(_ paint: Paint) -> String {
    let unfit = checkup.findings.count { $0.condition == .unfit }
    guard unfit > 0 else { return "\(paint("Fit.", .good)) Nothing that meros needs is missing." }
    return
      "\(paint("Unfit:", .bad)) \(counted(unfit, "finding")) above that \(unfit == 1 ? "keeps" : "keep") meros from work."
  }

  /// `healthy`, `findings[]` with `subject condition detail remedy`.
  var json: String {
    let findings = checkup.findings.map { finding -> JSON in
      [
        "subject": .string(finding.subject), "condition": .string(finding.condition.rawValue),
        "detail": .string(finding.detail), "remedy": finding.remedy.map(JSON.string) ?? .null,
      ]
    }
    let value: JSON = [
      "format_version": .string(PlanJSON.formatVersion), "healthy": .bool(checkup.isHealthy),
      "findings": .array(findings),
    ]
    return "\(value)\n"
  }
}
