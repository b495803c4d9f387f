import Host

/// How mmdebstrap is told where packages come from.
extension PackageSource {
  /// Throws `unsupported` where this builder has no way.
  func debianArchitecture(_ attempted: String) throws(HostError) -> String {
    guard distribution == "debian" || distribution == "ubuntu" else {
      throw HostError(attempted, .unsupported("the distribution \(distribution)"))
    }
    switch arch {
    case "x86_64": return "amd64"
    case "aarch64": return "arm64"
    case "riscv64": return "riscv64"
    default: throw HostError(attempted, .unsupported("the architecture \(arch)"))
    }
  }

  /// Options that come before the release.
  func options(_ architecture: String) -> [String] { ["--mode=root"] + selection(architecture) }

  /// What is taken of the mirror.
  func selection(_ architecture: String) -> [String] {
    var all = ["--architectures=\(architecture)"]
    if !components.isEmpty { all.append("--components=\(components.joined(separator: ","))") }
    return all
  }

  /// What `mirrorScript` reads.
  var variables: [String: String] {
    [
      "DISTRIBUTION": distribution, "RELEASE": release, "MIRROR": mirror ?? "",
      "SOURCES": sources.map { $0 + "\n" }.joined(),
    ]
  }

  /// The name of the folder in `cache/debs` and its like.
  var cacheName: String { "\(distribution)-\(release)-\(arch)" }
}
