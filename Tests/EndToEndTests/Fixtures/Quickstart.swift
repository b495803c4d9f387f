import Host
import LinuxHost
import QMP
import SystemPackage
import Testing

/// The example, for real: a copy of it that can be edited, and the machines that come of it.
struct Quickstart {
  let ground: Ground
  let meros: MerosProgram
  private let manifest: FilePath

  init(_ ground: Ground) async throws {
    self.ground = ground
    meros = try MerosProgram(ground)
    let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
      .removingLastComponent()
    let copy = ground.folder.appending("quickstart")
    try await Program("cp", ["-r", root.pushing("examples/quickstart").string, copy.string]).run("copy the example")
    manifest = copy.appending("constellation.yml")
  }

  /// Changes the manifest; each text must stand in it.
  func edit(_ changes: (String, String)...) throws {
    var text = String(decoding: try manifest.contents(), as: UTF8.self)
    for (before, after) in changes {
      try #require(text.contains(before), "\(before)")
      text = text.replacing(before, with: after)
    }
    try manifest.replaceContents(Array(text.utf8))
  }

  /// The manifest as it was, whatever the body edits.
  func whileEdited<Value>(_ changes: (String, String)..., body: () async throws -> Value) async throws -> Value {
    let text = try manifest.contents()
    for change in changes { try edit(change) }
    let value = try await body()
    try manifest.replaceContents(text)
    return value
  }

  /// Applies and expects success and nothing left to do; returns what was printed.
  @discardableResult
  func apply(_ options: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
    let ending = try await meros.run(["apply", "quickstart", "--auto-approve"] + options)
    #expect(ending.code == 0, "\(ending.output)\n\(ending.diagnostics)", sourceLocation: sourceLocation)
    let plan = try await meros.run(["plan", "quickstart", "--detailed-exitcode"])
    #expect(plan.code == 0, "\(plan.output)\n\(plan.diagnostics)", sourceLocation: sourceLocation)
    return ending.output
  }

  /// "update vm.web (restart), memory: 256M -> 288M" for each change.
  func plan() async throws -> [String] {
    let ending = try await meros.run(["plan", "quickstart", "--json"])
    guard case .array(let changes) = JSON(parsing: ending.output)?["changes"] else {
      Issue.record("\(ending.output)\n\(ending.diagnostics)")
      return []
    }
    return changes.map { change in
      let verb = change["verb"]?.string ?? ""
      var line = "\(verb) \(change["address"]?.string ?? "") (\(change["disruption"]?.string ?? ""))"
      guard verb == "update" || verb == "replace", case .array(let reasons) = change["reasons"] else { return line }
      for reason in reasons {
        line +=
          ", \(reason["path"]?.string ?? ""): \(reason["before"]?.string ?? "-") -> \(reason["after"]?.string ?? "-")"
      }
      return line
    }.sorted()
  }

  /// The processes of the machines that run, by their names.
  func pids() async throws -> [String: Int64] {
    let ending = try await meros.run(["status", "quickstart", "--json"])
    guard case .array(let resources) = JSON(parsing: ending.output)?["resources"] else {
      Issue.record("\(ending.output)\n\(ending.diagnostics)")
      return [:]
    }
    var pids: [String: Int64] = [:]
    for resource in resources where resource["kind"]?.string == "vm" {
      if let address = resource["address"]?.string { pids[String(address.dropFirst(3))] = resource["pid"]?.integer }
    }
    return pids
  }
}
