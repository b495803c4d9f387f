import LinuxHost
import SystemPackage

/// A constellation that runs, applied once more.
struct SecondApplyCase: BenchCase {
  let name = "second-apply"
  let purpose = "apply of a quickstart whose machines run and idle, besides process start"

  func measure(_ settings: Settings) async throws -> [Finding] {
    try await Stage.with { stage in
      let data = stage.folder.appending("data")
      let folder = stage.folder.appending("small")
      try folder.makeFolders()
      try data.makeFolders()
      try folder.appending("constellation.yml").replaceContents(Array(Self.manifest.utf8))
      var constellation = folder.string
      if let store = settings.dataDirectory {
        try Child.run(["ln", "-s", try store.absolute().appending("store").string, data.appending("store").string])
        constellation = "examples/quickstart"
      }
      let command = [
        settings.meros.string, "apply", constellation, "--auto-approve", "--data-dir", data.string, "--netns",
        stage.namespaceName,
      ]
      try Child.run(command, output: stage.folder.appending("output"))
      // Firmware or a system that has just started is not idle yet.
      try await Task.sleep(for: settings.dataDirectory == nil ? .seconds(3) : .seconds(30))
      var (ours, starts): ([Duration], [Duration]) = ([], [])
      let rounds = settings.rounds ?? 15
      let wall = try await Pairs(rounds) {
        try await elapsed { ours.append(try Child.run(command).processorTime) }
      } theirs: {
        try await elapsed { starts.append(try Child.run([settings.meros.string, "version"]).processorTime) }
      }
      return [
        wall.excess("second apply", over: "meros version", .below(.milliseconds(100))),
        Finding(
          name: "its processor time", peer: "besides meros version", ours: ours.median - starts.median, theirs: nil,
          count: rounds, claim: .none),
      ]
    }
  }

  /// The networks of the quickstart, and machines that find nothing to boot.
  private static let manifest = """
    bridges:
      lan: {subnet: 10.44.1.1/24}
      back: {subnet: 10.44.2.1/24, policy_type: isolated, allow_icmp: true}
    defaults:
      memory: 128M
      ready: none
      disks: [{label: root.qcow2, fs_type: qcow2, size_gb: 1}]
    virtual_machines:
      web:
        networks:
          - {label: sm-web-lan, bridge: lan, ip_addr: 10.44.1.11}
          - {label: sm-web-back, bridge: back, ip_addr: 10.44.2.11}
        depends_on: [db]
      client:
        networks:
          - {label: sm-client, bridge: lan, ip_addr: 10.44.1.12}
      db:
        networks:
          - {label: sm-db, bridge: back, ip_addr: 10.44.2.12}

    """
}
