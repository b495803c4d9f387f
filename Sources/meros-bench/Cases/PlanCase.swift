import Host
import LinuxHost
import Manifest
import MerosCommand
import Reconcile
import Resources
import SystemPackage

/// A thousand machines on ten bridges, whose taps and rules exist and which do not run.
struct PlanCase: BenchCase {
  let name = "plan"
  let purpose = "plan of 1,000 machines on 10 bridges whose taps and rules exist, besides process start"

  func measure(_ settings: Settings) async throws -> [Finding] {
    try await Stage.with { stage in
      let folder = stage.folder.appending("thousand")
      try folder.makeFolders()
      try folder.appending("constellation.yml").replaceContents(Array(Self.manifest.utf8))
      let data = stage.folder.appending("data")
      let site = try Site.open(data, namespaceName: stage.namespaceName, create: true)
      var phases = PlanPhases(site, folder)
      try await phases.applyNetworks()

      let command = [
        settings.meros.string, "plan", folder.string, "--data-dir", data.string, "--netns", stage.namespaceName,
      ]
      let output = stage.folder.appending("output")
      try Child.run(command, output: output)
      let rounds = settings.rounds ?? 9
      var (ours, starts): ([Duration], [Duration]) = ([], [])
      let wall = try await Pairs(rounds) {
        try await elapsed { ours.append(try Child.run(command).processorTime) }
      } theirs: {
        try await elapsed { starts.append(try Child.run([settings.meros.string, "version"]).processorTime) }
      }
      for _ in 0..<rounds { try await phases.run() }
      return [
        wall.excess("meros plan", over: "meros version", .below(.milliseconds(150))),
        Finding(
          name: "its processor time", peer: "besides meros version", ours: ours.median - starts.median, theirs: nil,
          count: rounds, claim: .none),
      ] + phases.findings
    }
  }

  private static var manifest: String {
    var text = "name: thousand\nbridges:\n"
    for bridge in 0..<10 {
      text +=
        "  net\(bridge): {subnet: 10.80.\(bridge).1/24, allowed_ports: [22, 8000-8010], allowed_ips: [192.0.2.0/24]}\n"
    }
    text += "virtual_machines:\n"
    for machine in 0..<1000 {
      text += """
          vm\(machine):
            memory: 256M
            packages: [nginx]
            networks: [{bridge: net\(machine / 100), ip_addr: 10.80.\(machine / 100).\(machine % 100 + 10)}]

        """
    }
    return text
  }
}
