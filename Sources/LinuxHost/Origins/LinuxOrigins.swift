package import Host

/// Asks over the network, or in the folder that was named.
package struct LinuxOrigins: Origins {
  private let data: DataDirectory
  /// What is known of files; nil: they are read.
  private let digests: DigestCache?

  package init(_ data: DataDirectory, digests: DigestCache? = nil) {
    self.data = data
    self.digests = digests
  }

  package func commit(of ref: String, in repository: String) async throws(HostError) -> String? {
    let program = Git.program(["ls-remote", "--", repository, ref, "\(ref)^{}"], timeout: .seconds(120))
    let lines = String(decoding: try await program.run("look up \(ref) in \(repository)").output, as: UTF8.self)
    return Git.commit(of: ref, in: lines)
  }

  package func minirootfs(of release: String, arch: String, on mirror: String) async throws(HostError) -> String? {
    try await AlpinePlace(release, arch: arch, on: mirror)
      .release("look up alpine \(release) for \(arch) on \(mirror)")?.pinned
  }

  package func hasMinirootfs(of source: PackageSource) async throws(HostError) -> Bool {
    guard source.minirootfs != nil else { return true }
    let cache = PackageCache(of: source, in: data, digests: digests)
    let attempted = "look for the minirootfs of \(source.cacheName)"
    return try await MinirootfsCache(
      folder: cache.minirootfs, scratch: cache.minirootfs, attempted: attempted, log: nil, progress: .silent
    ).has(source)
  }

  package func packages(
    for wishes: [PackageWish], from source: PackageSource, strictly isStrict: Bool
  ) async throws(HostError) -> [PackageAnswer] {
    guard !wishes.isEmpty else { return [] }
    let cache = PackageCache(of: source, in: data, digests: digests)
    let attempted = "look up packages of \(source.cacheName)"
    guard source.distribution == "alpine" else {
      return try await answers(to: wishes, by: try .open(source, cache, attempted) as Inquiry, isStrict)
    }
    let inquiry: AlpineInquiry
    do throws(HostError) {
      inquiry = try await .open(source, cache, attempted)
    } catch {
      guard error.isRefusal, try await !hasMinirootfs(of: source) else { throw error }
      return wishes.map { _ in .lostMinirootfs }
    }
    return try await answers(to: wishes, by: inquiry, isStrict)
  }

  private func answers(
    to wishes: [PackageWish], by inquiry: borrowing some PackageInquiry & ~Copyable, _ isStrict: Bool
  ) async throws(HostError) -> [PackageAnswer] {
    for (index, wish) in wishes.enumerated() { try inquiry.place(wish, index) }
    try await inquiry.ask(strictly: isStrict)
    var answers: [PackageAnswer] = []
    for index in wishes.indices { answers.append(try inquiry.answer(index)) }
    return answers
  }

  package func missing(
    _ packages: [LockedPackage], from source: PackageSource
  ) async throws(HostError) -> [LockedPackage] {
    let cache = PackageCache(of: source, in: data, digests: digests)
    let lacking = try cache.lacking(packages)
    if lacking.isEmpty { return [] }
    let more = lacking.count > 1 ? " and \(lacking.count - 1) more" : ""
    let what = "\(lacking[0].name) \(lacking[0].version)\(more) of \(source.cacheName)"
    let attempted = "find \(what) on the mirror, since the cache does not have it,"
    let found =
      if source.distribution == "alpine" {
        try await found(lacking, by: try await .open(source, cache, attempted) as AlpineInquiry)
      } else {
        try await found(lacking, by: try .open(source, cache, attempted) as Inquiry)
      }
    return lacking.filter { !found.contains($0) }
  }

  private func found(
    _ packages: [LockedPackage], by inquiry: borrowing some PackageInquiry & ~Copyable
  ) async throws(HostError) -> Set<LockedPackage> {
    try inquiry.placeSought(packages)
    try await inquiry.ask(strictly: true)
    return try inquiry.found()
  }
}
