extension WindowSession {
  /// nil: nothing stands against it.
  /// - Parameter there: what the VM said.
  func hindrance(here: WaypipeEdition?, there said: [String]) -> WindowHindrance? {
    let facts = said.filter { $0.hasPrefix(Self.prefix) }.map { String($0.dropFirst(Self.prefix.count)) }
    guard let there = WaypipeEdition(facts) else { return .missing(.waypipe) }
    for case (let side, let edition?) in [(WaypipeOptions.Side.host, here), (.machine, there)] {
      let lacks = edition.lacks(options.features)
      if !lacks.isEmpty { return .unable(side, version: edition.version, lacks: lacks) }
    }
    if isX11, !facts.contains("xwayland") { return .missing(.xwayland) }
    return facts.contains("application") ? nil : .missing(.application(application[0]))
  }
}
