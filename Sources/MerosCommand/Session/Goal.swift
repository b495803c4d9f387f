package import Manifest
package import Reconcile
package import Resources

/// One constellation as it should be: loaded, and ready to be compared with the host.
package struct Goal: Sendable {
  package var constellation: String
  package var graph: ResourceGraph
  /// Nothing of it is to be left.
  package let isDestruction: Bool
  /// Where its manifest lies, absolute; nil when only the name is known.
  package var path: String?
  /// SHA-256 of the manifest's bytes in hexadecimal; nil when there is none.
  package var manifestDigest: String?
  /// nil when there is no manifest, and where nothing was looked up for it.
  package var lock: LockUpdate?
  /// What a person should know of it besides changes: "TCG because …", one line each.
  package var notes: [String]
  package var logins: [Desired.Login]
  /// What was written; nil when only the name is known.
  package var manifest: Manifest?
  /// What the host had while this was compiled; nil where nobody looked.
  package var observation: Observation?
  /// Where the parts of its manifest were written.
  package var places: ManifestPlaces { manifest?.places ?? ManifestPlaces(nil) }

  package init(
    _ constellation: String, _ graph: ResourceGraph, path: String? = nil, manifestDigest: String? = nil,
    lock: LockUpdate? = nil, notes: [String] = [], logins: [Desired.Login] = [],
    manifest: Manifest? = nil
  ) {
    self.constellation = constellation
    self.graph = graph
    isDestruction = false
    self.path = path
    self.manifestDigest = manifestDigest
    self.lock = lock
    self.notes = notes
    self.logins = logins
    self.manifest = manifest
  }

  /// What `destroy` wants: only the name need be known.
  package init(destroying constellation: String) {
    self.constellation = constellation
    graph = .empty
    isDestruction = true
    notes = []
    logins = []
  }
}
