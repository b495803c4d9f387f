package import Host

/// Asks over the network, or in the folder that was named.
package struct LinuxOrigins: Origins {
  package init() {}

  package func commit(of ref: String, in repository: String) async throws(HostError) -> String? {
    let program = Git.program(["ls-remote", "--", repository, ref, "\(ref)^{}"], timeout: .seconds(120))
    let lines = String(decoding: try await program.run("look up \(ref) in \(repository)").output, as: UTF8.self)
    return Git.commit(of: ref, in: lines)
  }

  package func minirootfs(of release: String, arch: String, on mirror: String) async throws(HostError) -> String? {
    try await AlpinePlace(release, arch: arch, on: mirror)
      .release("look up alpine \(release) for \(arch) on \(mirror)")?.pinned
  }
}
