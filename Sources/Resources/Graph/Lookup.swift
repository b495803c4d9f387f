/// Which moving names are looked up while a manifest is loaded.
package enum Lookup: Hashable, Sendable {
  /// None: nothing outside this machine is asked.
  case none
  /// Those that the lock file does not hold.
  case missing
  /// All of them anew.
  case all
}
