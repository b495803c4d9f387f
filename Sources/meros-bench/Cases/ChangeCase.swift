import LinuxHost
import SystemPackage

/// A VM that is built: one of its files changes, and nothing does.
struct ChangeCase: BenchCase {
  let name = "change-file"
  let purpose = "build of a VM with one changed file, and with none; process start included"

  func measure(_ settings: Settings) async throws -> [Finding] {
    let missing = Programs.missing(["strace"])
    guard missing.isEmpty else {
      return [.unmeasured(name, .lacking("strace is not installed, which counts processes: ./dist-conf.sh bench"))]
    }
    return try await Stage.with { stage in
      let folder = stage.folder.appending("lab")
      let file = folder.pushing("web/includes.chroot/etc/motd")
      try file.removingLastComponent().makeFolders(mode: 0o755)
      try folder.appending("constellation.yml").replaceContents(Array("virtual_machines: {web: {}}\n".utf8))
      let output = stage.folder.appending("output")
      let report = stage.folder.appending("calls")
      let whole = [
        settings.meros.string, "build", "--auto-approve", "--max-disruption", "rebuild", folder.string, "--data-dir",
        stage.folder.appending("data").string, "--netns", stage.namespaceName,
      ]
      let diskOnly = whole + ["--rootfs-only"]
      var version = 0
      func edit() throws {
        version += 1
        try file.replaceContents(Array("version \(version)\n".utf8))
      }

      try edit()
      try Child.run(whole, output: output)
      let pairs = try await Pairs(settings.rounds ?? 7) {
        try edit()
        return try await elapsed { try Child.run(diskOnly, output: output) }
      } theirs: {
        try await elapsed { try Child.run(whole, output: output) }
      }

      let idle = try StartedProcesses.count(by: whole, report: report, output: output)
      try edit()
      // What it counts nothing of must be able to count.
      guard try StartedProcesses.count(by: diskOnly, report: report, output: output) > 0 else {
        throw BenchFailure("strace sees no process of a build that starts some")
      }
      return [
        Finding(
          name: "a changed file", peer: "", ours: pairs.ours.median, theirs: nil, count: pairs.ours.count,
          claim: .below(.seconds(3))),
        Finding(
          name: "nothing changed", peer: "as strace counts", ours: pairs.theirs.median, theirs: nil,
          count: pairs.theirs.count, claim: .alone(idle)),
      ]
    }
  }
}
