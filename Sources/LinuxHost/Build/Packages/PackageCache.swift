import Glibc
import Host
import SystemPackage

/// Files of packages, as their mirrors have them, for all constellations.
struct PackageCache: Sendable {
  /// `cache/debs/SOURCE`, `cache/apks/SOURCE`
  let folder: FilePath
  /// `cache/lists/SOURCE-MIRRORS`: what these mirrors said last.
  let lists: FilePath
  /// `cache/places/SOURCE`: where the mirrors had files when they were asked, lines of digest, file name and URI.
  private let places: FilePath
  /// `cache/minirootfs`
  let minirootfs: FilePath
  private let architecture: String
  private let hasPlace: Bool
  let digests: DigestCache?
  /// `cache/apks/SOURCE/control/KEYS`: what apk said of packages where it knew the keys that it does for this source.
  let records: FilePath

  /// - Parameter digests: what is known of files; nil: they are read.
  init(of source: PackageSource, in data: DataDirectory, digests: DigestCache?) {
    folder = data.cache.appending(source.distribution == "alpine" ? "apks" : "debs").appending(source.cacheName)
    let mirrors = ([source.mirror ?? ""] + source.components + source.sources).joined(separator: "\n")
    lists = data.cache.appending("lists").appending("\(source.cacheName)-\(sha256(Array(mirrors.utf8)).prefix(8))")
    places = data.cache.appending("places").appending(source.cacheName)
    minirootfs = data.cache.appending("minirootfs")
    architecture = (try? source.debianArchitecture("")) ?? source.arch
    self.digests = digests
    records = folder.appending("control").appending(source.trust)
    hasPlace = data.root.exists
  }

  /// Those of which there is no file.
  func lacking(_ packages: [LockedPackage]) throws(HostError) -> [LockedPackage] {
    let held = try apks(of: packages)
    var lacking: [LockedPackage] = []
    for package in packages where held[package] == nil {
      if try file(of: package) == nil { lacking.append(package) }
    }
    return lacking
  }

  /// Something can be kept in it; where there is no data directory yet, nothing is made.
  var isWritable: Bool {
    guard hasPlace else { return false }
    do throws(HostError) {
      try lists.makeFolders()
    } catch {
      return false
    }
    return unsafe lists.withPlatformString { unsafe access($0, W_OK) } == 0
  }

  /// The name of the file of a package of Debian's kind; nil where there is none that is it.
  func file(of package: LockedPackage) throws(HostError) -> String? {
    guard case .sha256(let digest) = package.identity else { return nil }
    for architecture in [architecture, "all"] {
      let name = "\(package.name)_\(package.version.replacing(":", with: "%3a"))_\(architecture).deb"
      let place = folder.appending(name)
      if place.exists, try FileDigest.of(place, cache: digests) == digest { return name }
    }
    return nil
  }

  /// Where the mirrors had them when they were asked; nil where that is not known of each.
  func places(of packages: [LockedPackage]) throws(HostError) -> [PlacedPackage]? {
    let known = try knownPlaces
    var placed: [PlacedPackage] = []
    for package in packages {
      guard let place = known[package.identity.text] else { return nil }
      placed.append(PlacedPackage(package: package, file: place.file, uri: place.uri))
    }
    return placed
  }

  func remember(_ placed: [PlacedPackage]) throws(HostError) {
    let known = try knownPlaces
    var places = known
    for one in placed { places[one.package.identity.text] = Place(file: one.file, uri: one.uri) }
    if places == known { return }
    try self.places.removingLastComponent().makeFolders()
    let lines = places.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.file) \($0.value.uri)\n" }
    try self.places.replaceContents(Array(lines.joined().utf8))
  }

  private struct Place: Hashable {
    var file: String
    var uri: String
  }

  /// By the digest.
  private var knownPlaces: [String: Place] {
    get throws(HostError) {
      let text = String(decoding: try places.contentsIfPresent(limit: 16 << 20) ?? [], as: UTF8.self)
      var known: [String: Place] = [:]
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count == 3 { known[String(words[0])] = Place(file: String(words[1]), uri: String(words[2])) }
      }
      return known
    }
  }
}
