import Glibc
import Host
import SystemPackage

/// Files of packages, as their mirrors have them, for all constellations.
struct PackageCache: Sendable {
  /// `cache/debs/SOURCE`
  let folder: FilePath
  /// `cache/lists/SOURCE`: what the mirrors said last.
  let lists: FilePath
  /// `cache/places/SOURCE`: where the mirrors had files when they were asked, lines of digest, file name and URI.
  private let places: FilePath
  private let architecture: String
  private let hasPlace: Bool
  private let digests: DigestCache?

  /// - Parameter digests: what is known of files; nil: they are read.
  init(of source: PackageSource, in data: DataDirectory, digests: DigestCache?) {
    folder = data.cache.appending("debs").appending(source.cacheName)
    lists = data.cache.appending("lists").appending(source.cacheName)
    places = data.cache.appending("places").appending(source.cacheName)
    architecture = (try? source.debianArchitecture("")) ?? source.arch
    self.digests = digests
    hasPlace = data.root.exists
  }

  /// Those of which there is no file.
  func lacking(_ packages: [LockedPackage]) throws(HostError) -> [LockedPackage] {
    var lacking: [LockedPackage] = []
    for package in packages where try file(of: package) == nil { lacking.append(package) }
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

  /// The name of the package's file; nil where there is none with its digest.
  func file(of package: LockedPackage) throws(HostError) -> String? {
    for architecture in [architecture, "all"] {
      let name = "\(package.name)_\(package.version.replacing(":", with: "%3a"))_\(architecture).deb"
      let place = folder.appending(name)
      if place.exists, try FileDigest.of(place, cache: digests) == package.digest { return name }
    }
    return nil
  }

  /// Where the mirrors had them when they were asked; nil where that is not known of each.
  func places(of packages: [LockedPackage]) throws(HostError) -> [PlacedPackage]? {
    let known = try knownPlaces
    var placed: [PlacedPackage] = []
    for package in packages {
      guard let place = known[package.digest] else { return nil }
      placed.append(PlacedPackage(package: package, file: place.file, uri: place.uri))
    }
    return placed
  }

  func remember(_ placed: [PlacedPackage]) throws(HostError) {
    let known = try knownPlaces
    var places = known
    for one in placed { places[one.package.digest] = Place(file: one.file, uri: one.uri) }
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
