package import Manifest
package import Reconcile

/// A plan as a person approved it, to be applied later: what it was made of as digests, and what it would do.
package struct SavedPlan: Equatable, Sendable {
  package var dataIdentity: String
  /// nil: that of the process.
  package var networkNamespace: String?
  package var isDestruction: Bool
  package var parts: [Part]

  /// One constellation.
  package struct Part: Equatable, Sendable {
    package var constellation: String
    /// As it is to be found again; nil when only its name was known.
    package var path: String?
    package var manifestDigest: String?
    /// What the lock file held, as a digest, and what it is to hold; nil where there was none.
    package var formerLockDigest: String?
    package var lock: LockFile?
    /// The digest of each resource as it should be, and as it was observed.
    package var desired: [ResourceAddress: String]
    package var observed: [ResourceAddress: String]
    package var options: PlanOptions
    package var changes: [SavedChange]
  }

  /// What is shown of a change; its actions are made anew.
  package struct SavedChange: Hashable, Sendable {
    package var address: ResourceAddress
    package var verb: Change.Verb
    package var disruption: Disruption
    package var reasons: [Reason]
  }

  package init(_ proposals: [Proposal], dataIdentity: String, networkNamespace: String?, isDestruction: Bool) {
    self.dataIdentity = dataIdentity
    self.networkNamespace = networkNamespace
    self.isDestruction = isDestruction
    parts = proposals.map(Part.init)
  }

  init(dataIdentity: String, networkNamespace: String?, isDestruction: Bool, parts: [Part]) {
    self.dataIdentity = dataIdentity
    self.networkNamespace = networkNamespace
    self.isDestruction = isDestruction
    self.parts = parts
  }
}

extension SavedPlan.Part {
  init(_ proposal: Proposal) {
    self.init(
      constellation: proposal.goal.constellation, path: proposal.goal.path,
      manifestDigest: proposal.goal.manifestDigest,
      formerLockDigest: (proposal.goal.lock?.before).map { digest(of: $0.text.utf8) }, lock: proposal.goal.lock?.after,
      desired: proposal.goal.graph.resources.mapValues { digest(ofValue: $0) },
      observed: proposal.observation.resources.mapValues { digest(ofValue: $0.value) },
      options: proposal.options,
      changes: proposal.plan.changes.map {
        SavedPlan.SavedChange(
          address: $0.address, verb: $0.change.verb, disruption: $0.change.disruption, reasons: $0.change.reasons)
      })
  }
}

/// Something that is no longer as it was when the plan was saved.
package enum Movement: Hashable, Sendable {
  case dataDirectory
  case manifest(String)
  case lockFile(String)
  case desired(ResourceAddress)
  case observed(ResourceAddress)
  /// Nothing that went in has moved and yet the plan is another one: another version of meros saved it.
  case plan
}

extension SavedPlan {
  /// What has moved since it was saved, sorted; empty: it may be applied.
  package func movements(to now: SavedPlan) -> [Movement] {
    var movements: [Movement] = []
    if dataIdentity != now.dataIdentity { movements.append(.dataDirectory) }
    for (then, now) in zip(parts, now.parts) {
      if then.manifestDigest != now.manifestDigest { movements.append(.manifest(then.constellation)) }
      if then.formerLockDigest != now.formerLockDigest { movements.append(.lockFile(then.constellation)) }
      movements += Self.differences(then.desired, now.desired).map { .desired($0) }
      movements += Self.differences(then.observed, now.observed).map { .observed($0) }
    }
    if movements.isEmpty && (parts.count != now.parts.count || parts.map(\.changes) != now.parts.map(\.changes)) {
      movements.append(.plan)
    }
    return movements
  }

  /// What the lock files are to hold, by constellation.
  var locks: [String: LockFile] {
    [String: LockFile](parts.compactMap { part in part.lock.map { (part.constellation, $0) } }) { first, _ in first }
  }

  private static func differences(
    _ then: [ResourceAddress: String], _ now: [ResourceAddress: String]
  ) -> [ResourceAddress] {
    Set(then.keys).union(now.keys).filter { then[$0] != now[$0] }.sorted()
  }
}
