import Diagnostics
import Host
import Reconcile
import SystemPackage

/// Why a resource is as it is: facts alone, in the order in which a person asks for them.
struct Account {
  var address: ResourceAddress
  var constellation: String
  /// "ok", "differs", "missing" and the like, as `status` says it.
  var state: String
  /// Whether it can be used: "running", "there", "absent".
  var health: String
  /// Where the manifest asks for it; empty for what it does not ask for.
  var places: [Place]
  /// What it should be, one line; nil where its name says it all, and for what should not be.
  var desired: String?
  /// Since when it is what it is; nil where nobody notes that.
  var since: Since?
  /// The socket of its display; nil for what is no running VM with one.
  var display: FilePath?
  /// nil: the plan leaves it as it is.
  var planned: PlannedChange?
  var pending: Pending?
  var kept: Kept?
  /// What it was built from, or is to be, by what a person would call it.
  var inputs: [String: String]
  /// What it takes the place of, and in which inputs the two differ.
  var predecessor: Predecessor?
  /// What makes the plan change it although nothing of its own differs.
  var causes: [Cause]
  var foundations: [Foundation]
  /// What stands on it, directly.
  var dependents: [Link]

  /// A place in the manifest, and what is written there.
  struct Place {
    var words: String
    var location: SourceLocation
  }

  struct Predecessor {
    var address: ResourceAddress
    var reasons: [Reason]
  }

  struct Cause {
    var address: ResourceAddress
    var verb: Change.Verb
    var reasons: [Reason]
  }

  /// Another resource, and what the two have to do with each other.
  struct Link {
    var address: ResourceAddress
    var words: String
    var state: String
    var verb: Change.Verb?
  }

  /// What it stands on, and what that stands on.
  struct Foundation {
    var link: Link
    /// Empty also where it was told above already.
    var below: [Foundation]
  }
}
