import Glibc
import Host
import SystemPackage

/// Files of packages, as their mirrors have them, for all constellations.
struct PackageCache: Sendable {
  /// `cache/debs/SOURCE`, `cache/apks/SOURCE`
  let folder: FilePath
  /// `cache/lists/SOURCE`, with a digest where its mirrors are not the usual ones: what these mirrors said last.
  let lists: FilePath
  /// `cache/places/SOURCE`: where the mirrors had files when they were asked, lines of digest, file name and URI.
  private let places: FilePath
  /// `cache/minirootfs`
  let minirootfs: FilePath
  private let architecture: String
  private let hasPlace: Bool
  private let digests: DigestCache?

  /// - Parameter digests: what is known of files; nil: they are read.
  init(of source: PackageSource, in data: DataDirectory, digests: DigestCache?) {
    folder = data.cache.appending(source.distribution == "alpine" ? "apks" : "debs").appending(source.cacheName)
    let mirrors = ([source.mirror ?? ""] + source.components + source.sources).joined(separator: "\n")
    let isUsual = source.mirror == nil && source.components.isEmpty && source.sources.isEmpty
    let digest = isUsual ? "" : "-\(sha256(Array(mirrors.utf8)).prefix(8))"
    lists = data.cache.appending("lists").appending(source.cacheName + digest)
    places = data.cache.appending("places").appending(source.cacheName)
    minirootfs = data.cache.appending("minirootfs")
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

  /// The name of the package's file; nil where there is none that is known to be it.
  func file(of package: LockedPackage) throws(HostError) -> String? {
    switch package.identity {
    case .sha256(let digest):
      for architecture in [architecture, "all"] {
        let name = "\(package.name)_\(package.version.replacing(":", with: "%3a"))_\(architecture).deb"
        let place = folder.appending(name)
        if place.exists, try FileDigest.of(place, cache: digests) == digest { return name }
      }
      return nil
    case .apk(let checksum):
      guard let record = try record(of: package), let bytes = try record.contentsIfPresent() else { return nil }
      let lines = Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n"))
      let said = ["P:\(package.name)", "V:\(package.version)", "C:\(checksum)"]
      return said.allSatisfy { lines.contains($0[...]) } ? package.file : nil
    }
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

/// Of apk's packages only apk can tell what they are: what it said of a file is kept in `control`, by the SHA-256 of that.
extension PackageCache {
  var records: FilePath { folder.appending("control") }

  /// What was found out about the package's file, as an index would have it; nil where there is no such file.
  func record(of package: LockedPackage) throws(HostError) -> FilePath? {
    let place = folder.appending(package.file)
    return place.exists ? records.appending(try FileDigest.of(place, cache: digests)) : nil
  }

  /// The names of files of which nothing is known yet.
  func unread(_ packages: [LockedPackage]) throws(HostError) -> [String] {
    var names: [String] = []
    for package in packages {
      if let record = try record(of: package), !record.exists { names.append(package.file) }
    }
    return names
  }
}

extension LockedPackage {
  /// As mirrors of Alpine call it.
  var file: String { "\(name)-\(version).apk" }
}
