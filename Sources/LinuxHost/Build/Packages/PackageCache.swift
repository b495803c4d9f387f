import Glibc
import Host
import SystemPackage

/// Files of packages, as their mirrors have them, for all constellations.
struct PackageCache: Sendable {
  /// `cache/debs/SOURCE`
  let folder: FilePath
  /// `cache/lists/SOURCE`: what the mirrors said last.
  let lists: FilePath
  private let architecture: String
  private let hasPlace: Bool
  private let digests: DigestCache?

  /// - Parameter digests: what is known of files; nil: they are read.
  init(of source: PackageSource, in data: DataDirectory, digests: DigestCache?) {
    folder = data.cache.appending("debs").appending(source.cacheName)
    lists = data.cache.appending("lists").appending(source.cacheName)
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
}
