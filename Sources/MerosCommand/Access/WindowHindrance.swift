/// Why an application of a VM cannot be shown.
enum WindowHindrance: Equatable, Sendable {
  /// waypipe is not installed here.
  case missingHere
  /// The VM lacks a program.
  case missing(MissingProgram)
  /// waypipe of that version on that side was built without these.
  case unable(WaypipeOptions.Side, version: String, lacks: [String])

  enum MissingProgram: Equatable, Sendable {
    case waypipe, xwayland
    case application(String)
  }
}
