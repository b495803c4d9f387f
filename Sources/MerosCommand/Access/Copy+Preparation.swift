import Host
import LinuxHost
import Netlink
import SystemPackage

extension Copy {
  /// Makes the folders that it goes into, and settles whether the destination is one. True: the VM has rsync.
  mutating func prepare(_ login: SSHLogin, _ namespace: NetworkNamespace) async throws(HostError) -> Bool {
    switch direction {
    case .push:
      // A tree goes into a folder always, so that sending it twice does the same twice.
      if FileKind(FilePath(sources[0])) == .folder { goesIntoFolder = true }
      let place = try await RemotePlace.ask(
        destination, making: goesIntoFolder ? destination : Self.parent(of: destination), login, in: namespace)
      if place.kind == .folder { goesIntoFolder = true }
      return place.hasRsync
    case .pull:
      let place = try await RemotePlace.ask(sources[0], making: nil, login, in: namespace)
      let local = FilePath(destination)
      if place.kind != .file || FileKind(local) == .folder { goesIntoFolder = true }
      try (goesIntoFolder ? local : local.removingLastComponent()).makeFolders(mode: 0o777)
      return place.hasRsync
    }
  }

  /// nil: the home folder, or the root.
  private static func parent(of path: String) -> String? {
    guard let slash = path.lastIndex(of: "/") else { return nil }
    let parent = path[..<slash]
    return parent.isEmpty ? nil : String(parent)
  }
}
