/// Why a saved plan is not applied.
struct SavedPlanView {
  private let file: String

  init(_ file: String) { self.file = file }

  /// What has moved since it was saved.
  func stale(_ movements: [Movement], _ paint: Paint) -> String {
    let shown = movements.prefix(20).map { "  \(words($0))\n" }.joined()
    let more = movements.count > 20 ? "  and \(movements.count - 20) more\n" : ""
    return "\(paint("error", .bad)): \(file) is stale: what it was made of has moved\n\(shown)\(more)"
      + "  \(paint("do", .bold)): plan again with --out \(ShellCommand([file]).text), read it, and apply that\n"
  }

  func unreadable(_ error: SavedPlan.ReadError, _ paint: Paint) -> String {
    let fault =
      switch error {
      case .notSavedPlan: "is not a saved plan"
      case .version(let version): "is a saved plan of form \(version), which this meros does not know"
      case .malformed: "is a saved plan that is broken"
      }
    return "\(paint("error", .bad)): \(file) \(fault)\n"
      + "  \(paint("do", .bold)): make one with meros plan --out \(ShellCommand([file]).text)\n"
  }

  private func words(_ movement: Movement) -> String {
    switch movement {
    case .dataDirectory: "the data directory is another one"
    case .manifest(let name): "the manifest of \(name) was edited"
    case .lockFile(let name): "the lock file of \(name) was written"
    case .desired(let address): "\(address): what it should be has changed"
    case .observed(let address): "\(address): what it is on the host has changed"
    case .plan: "the plan is another one, though nothing else has moved: another meros saved it"
    }
  }
}
