import Host
import LinuxHost
import Manifest
import SystemPackage

/// A manifest of a thousand machines on ten bridges.
enum ThousandMachines {
  static let manifest = text("allowed_ports: [22, 8000-8010]", flows: [])

  /// Ports of the host that come and go on every bridge, and flows: across bridges, to a machine, from the world.
  static let otherPolicy = text(
    "allowed_ports: [22, 443, 9000-9010/udp]",
    flows: [
      #"{from: "bridge:net0", to: "bridge:net1", ports: [5432]}"#, "{from: vm7, to: vm911}",
      "{from: world, to: vm500, ports: [80, 443]}",
    ])

  /// As many packages as machines of Debian have, each a small file of its own that is kept: nobody is asked for them.
  static func lock(in data: DataDirectory) throws -> LockFile {
    let cache = data.cache.pushing("debs/debian-bookworm-x86_64")
    try cache.makeFolders()
    var lock = LockFile()
    let names = try Manifest.load(Array(manifest.utf8), file: "", directoryName: "").manifest.movingNames
    for (group, name) in names.map(\.key).filter({ $0.section == .packages }).enumerated() {
      let base = group == 0 ? BuilderSchema.basePackages(of: "debian") : []
      var packages: [String: String] = [:]
      for package in base + (0..<[140, 12, 43][group % 3]).map({ "package\(group)-\($0)" }) {
        let file = cache.appending("\(package)_1_all.deb")
        try file.replaceContents(Array(package.utf8))
        packages[package] = LockedPackage(name: package, version: "1", digest: try FileDigest.of(file)).locked
      }
      lock[packages: name] = packages
    }
    return lock
  }

  private static func text(_ policy: String, flows: [String]) -> String {
    var text = "name: thousand\nbridges:\n"
    for bridge in 0..<10 {
      text += "  net\(bridge): {subnet: 10.80.\(bridge).1/24, \(policy), allowed_ips: [192.0.2.0/24]}\n"
    }
    text += "flows: [\(flows.joined(separator: ", "))]\nvirtual_machines:\n"
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
