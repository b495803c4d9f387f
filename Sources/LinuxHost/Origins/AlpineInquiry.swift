import Host
import SystemPackage

/// Questions to a mirror of Alpine, asked by the apk of the minirootfs that is pinned, which runs confined to that: what a
/// mirror serves is not trusted before anybody approved of a plan.
struct AlpineInquiry: PackageInquiry, ~Copyable {
  private let source: PackageSource
  private let cache: PackageCache
  private let attempted: String
  private let folder: InquiryFolder
  private let minirootfs: FilePath
  private let log: FilePath?
  private let progress: Progress

  /// - Parameter log: receives what is said; nil keeps nothing.
  static func open(
    _ source: PackageSource, _ cache: PackageCache, _ attempted: String, log: FilePath? = nil,
    progress: Progress = .silent
  ) async throws(HostError) -> AlpineInquiry {
    let folder = try InquiryFolder.make()
    try source.keys.place(in: folder.path.appending("keys"), attempted)
    let kept = cache.isWritable ? cache.minirootfs : folder.path.appending("minirootfs")
    let minirootfs = try await MinirootfsCache(
      folder: kept, scratch: folder.path, attempted: attempted, log: log, progress: progress
    ).tarball(of: source)
    return AlpineInquiry(source, cache, attempted, folder, minirootfs, log, progress)
  }

  private init(
    _ source: PackageSource, _ cache: PackageCache, _ attempted: String, _ folder: consuming InquiryFolder,
    _ minirootfs: FilePath, _ log: FilePath?, _ progress: Progress
  ) {
    self.source = source
    self.cache = cache
    self.attempted = attempted
    self.folder = folder
    self.minirootfs = minirootfs
    self.log = log
    self.progress = progress
  }

  func place(_ wish: PackageWish, _ index: Int) throws(HostError) {
    switch wish {
    case .base:
      try folder.write("", "server-\(index)")
      try folder.write(lines: BuilderSchema.basePackages(of: source.distribution), "wish-\(index)")
    case .kernel: try folder.write(lines: Builder.alpineKernelPackages, "wish-\(index)")
    case .added(let packages, let base):
      try folder.write(lines: packages, "wish-\(index)")
      let held = try cache.apks(of: base)
      try folder.write(lines: base.map { "\($0.line) \(held[$0]?.record ?? "")" }, "onto-\(index)")
      try folder.write(lines: BuilderSchema.alpineBase(base)?.packages ?? [], "world-\(index)")
      try folder.write(lines: try cache.unread(base), "unread-\(index)")
    }
  }

  func placeSought(_ packages: [LockedPackage]) throws(HostError) {
    try folder.write(lines: packages.map(\.line), "sought")
    try folder.write(lines: try cache.unread(packages), "unread-sought")
  }

  func ask(strictly isStrict: Bool) async throws(HostError) {
    try await run(Self.askScript, ["STRICT": isStrict ? "yes" : ""])
  }

  /// Makes the cache hold these, as far as the mirror has them, without a look at what it lists; throws where it does not.
  func fetch(_ packages: [LockedPackage]) async throws(HostError) {
    try placeSought(packages)
    try await run(Self.fetchScript, ["STRICT": ""])
  }

  private func run(_ script: String, _ variables: [String: String]) async throws(HostError) {
    var environment = variables
    environment["WORK"] = folder.path.string
    environment["TARBALL"] = minirootfs.string
    environment["REPOSITORIES"] = source.repositories.map { "\($0)\n" }.joined()
    environment["ARCH"] = source.arch
    environment["APKS"] = cache.folder.string
    environment["RECORDS"] = cache.records.string
    environment["LISTS"] = cache.isWritable ? cache.lists.string : ""
    let servers = BuilderSchema.alpineServers
    environment["SERVERS"] = servers.joined(separator: " ")
    environment["COMPANIONS"] = servers.map { server in
      "\(([server] + BuilderSchema.companions(ofServer: server)).joined(separator: " "))\n"
    }.joined()
    environment["EMULATOR"] = try emulator()
    let program = Program(
      "sh", ["-eu", "-c", Self.script + script, "meros-inquiry"], environment: environment, log: log,
      timeout: .seconds(3600), holdsInput: true)
    do {
      try await program.run(attempted) { [progress] line in
        if let activity = Builder.activity(line) { progress.report(activity) }
      }
    } catch {
      guard case .program(var failure) = error.cause else { throw error }
      failure.command = ["apk"]
      failure.lastLines.removeAll { Builder.activity($0) != nil }
      throw HostError(error.attempted, .program(failure))
    }
  }

  /// What runs the programs of the minirootfs; empty where the kernel does.
  private func emulator() throws(HostError) -> String {
    guard case .registered(let emulator, _) = try Interpreter.find(for: source.arch, attempted) else { return "" }
    return emulator.string
  }

  func answer(_ index: Int) throws(HostError) -> PackageAnswer {
    let lost = try packages(in: "lost-\(index)")
    if !lost.isEmpty { return .lost(lost) }
    let complaints = try folder.lines("complaints-\(index)")
    let unknown = APKAnswer.unknown(in: complaints)
    if !unknown.isEmpty { return .unknown(unknown) }
    if folder.has("failed-\(index)") {
      throw HostError(
        attempted, .program(ProgramFailure(command: ["apk", "add"], termination: .exited(1), lastLines: complaints)))
    }
    let listed = [String: LockedPackage](try packages(in: "listed").map { ("\($0.name) \($0.version)", $0) }) {
      first, _ in first
    }
    var packages: [LockedPackage] = []
    for (name, version) in APKAnswer.installed(in: try folder.lines("answer-\(index)")) {
      guard let package = listed["\(name) \(version)"] else {
        throw HostError(attempted, .malformed("what apk would install", "no index has \(name) \(version)"))
      }
      packages.append(package)
    }
    return .packages(packages.sorted { $0.name < $1.name })
  }

  func found() throws(HostError) -> Set<LockedPackage> {
    Set(try packages(in: "listed")).union(try packages(in: "held"))
  }

  private func packages(in name: String) throws(HostError) -> [LockedPackage] {
    try folder.lines(name).compactMap { LockedPackage(line: $0) { .apk($0) } }
  }
}
