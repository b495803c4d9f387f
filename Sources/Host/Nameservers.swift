package import Network

/// The name server of a bridge as it should run.
package struct NameserverDesign: Hashable, Sendable {
  package var scope: Scope
  /// The bridge's name in the manifest.
  package var name: String
  /// The bridge's link: it listens on this alone.
  package var link: LinkName
  /// The host's addresses on the bridge, where it answers.
  package var addresses: [IPAddress]
  /// Names that it does not know are asked of the host's own resolvers.
  package var forwards: Bool
  /// The names that it knows.
  package var hosts: [GuestIdentity.HostLine]

  package init(
    scope: Scope, name: String, link: LinkName, addresses: [IPAddress], forwards: Bool,
    hosts: [GuestIdentity.HostLine]
  ) {
    self.scope = scope
    self.name = name
    self.link = link
    self.addresses = addresses
    self.forwards = forwards
    self.hosts = hosts
  }

  /// What it is started as: the running process carries this, and what differs makes it start anew. The names are not
  /// in it, since it learns those while it runs, nor are the addresses, whose coming and going it sees by itself.
  package var attributes: [String: String] {
    ["link": "\(link)", "forwards": "\(forwards)", "version": "\(Self.version)"]
  }

  /// Counts the ways in which it was ever started.
  private static let version = 1
}

/// A name server as it is.
package struct ObservedNameserver: Hashable, Sendable {
  /// The bridge's name in the manifest.
  package var name: String
  /// nil when it does not run and has only left files behind.
  package var pid: Int32?
  /// What it was started as, as `NameserverDesign.attributes` gives it.
  package var attributes: [String: String]
  /// The names that it was told; nil when that is not known.
  package var hosts: [GuestIdentity.HostLine]?

  package init(name: String, pid: Int32?, attributes: [String: String], hosts: [GuestIdentity.HostLine]?) {
    self.name = name
    self.pid = pid
    self.attributes = attributes
    self.hosts = hosts
  }
}

package protocol Nameservers: Sendable {
  /// Every name server of the scope, found by scanning /proc, and what those left that run no more.
  func nameservers(of scope: Scope) async throws(HostError) -> [ObservedNameserver]
  /// Starts it, and returns once it listens; one that runs already is only told its names.
  func ensure(_ design: NameserverDesign) async throws(HostError)
  /// Ends it and deletes its files; one that is not there is fine.
  func remove(_ name: String, of scope: Scope) async throws(HostError)
}
